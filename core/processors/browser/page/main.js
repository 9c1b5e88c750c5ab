// What the tab asks for. Each answers with what it did, or with why it could not.

const ENOUGH = 10; // seconds a thing of a loaded page is given to appear

// A wait whose asker was cut off must not go on beside the next one.
const alone = (ask) => (site, ...details) => {
  looks.clear();
  return ask(site, ...details);
};
const missing = (key) => ({ missing: key });

// The prompt box is there.
const ready = async (site, given) => {
  const wrong = unreadable(given);
  if (wrong.length) return { wrong: wrong[0] };
  const box = await until(() => blocked(site) || pick(site.prompt.box));
  return box.blocked ? box : {};
};
// Nothing lies over it, or nothing any more.
const free = async (site) => {
  const box = pick(site.prompt.box);
  if (!box || (await uncover(site, box, ENOUGH))) return {};
  return { covered: coverWords(box), button: coverButton(box) };
};

// One of the steps before the first prompt of a conversation.
const step = async (site, index) => {
  const { click, unless, within } = site.before[index];
  const done = () => Boolean(unless.length && pick(unless));
  const found = await until(() => blocked(site) || (done() && { done: true }) || pick(click, document, (e) => visible(e) && enabled(e)), within);
  if (!found) return missing(`before[${index}].click`);
  if (found.blocked || found.done) return found.blocked ? found : {};
  await uncover(site, found);
  press(found);
  if (unless.length) await until(done, within);
  return {};
};

// A new conversation without loading the page; {} too where it cannot be had like that.
const anew = async (site) => {
  const button = pick(site.conversation.new);
  if (!button || !(await uncover(site, button))) return {};
  press(button);
  const fresh = await until(() => !conversation(site) && !every(site.result.own).length && pick(site.prompt.box), ENOUGH);
  return { fresh: Boolean(fresh) };
};

// The file input itself, for the tab to fill.
const fileInput = (site) => pick(site.upload.input, document, there);
const uploaded = async (site, before, count) => {
  const arrived = () => finderCount(site.upload.done) >= before + count && { arrived: true };
  return (await until(() => blocked(site) || listen(site) || arrived(), site.upload.within)) || { arrived: false };
};
const finderCount = (selectors) => every(selectors).length;
const uploads = (site) => ({ count: finderCount(site.upload.done) });

// An attempt begins: what the page said before was meant for another one.
const begin = (site) => {
  forgetTalk(site);
  return {};
};

// Put the prompt into its box. {typing} where the tab has to type it; {written: false} where it is not as written.
const compose = async (site, text, how) => {
  const box = await until(() => blocked(site) || pick(site.prompt.box), ENOUGH);
  if (!box) return missing("prompt.box");
  if (box.blocked) return box;
  if (!(await uncover(site, box))) return { covered: coverWords(box), button: coverButton(box) };
  if (field(box) && box.maxLength >= 0 && text.length > box.maxLength)
    return { outcome: "refused", said: `its prompt box takes ${box.maxLength} letters, and this prompt has ${text.length}` };
  remember(site, text);
  if (how === "type") {
    insert(box, "");
    selectAll(box);
    return { typing: true };
  }
  (how === "fill" ? fill : insert)(box, text);
  return readBack(site, text);
};
// A framework may write the box again a moment later: look until it holds the prompt.
const readBack = async (site, text) => {
  const right = await until(() => {
    const box = pick(site.prompt.box);
    return box && holds(box, text);
  }, 1);
  const box = pick(site.prompt.box);
  return { written: Boolean(right), holds: box ? squeeze(textOf(box)).slice(0, 200) : "" };
};

const stillBusy = { outcome: "retryable", said: "the page is still busy with what was asked before" };
const submit = async (site, text) => {
  const usable = (element) => visible(element) && enabled(element);
  const button = await until(() => blocked(site) || pick(site.send.button, document, usable), site.send.within);
  if (!button) return listen(site) || standingLimit(site) || (isBusy(site) ? stillBusy : missing("send.button"));
  if (button.blocked) return button;
  if (!(await uncover(site, button))) return { covered: coverWords(button), button: coverButton(button) };
  press(button);
  return committed(site, text);
};

// A click that «worked» is no send: only our own turn (or the page being busy with it) proves one.
const ALTERED = 1; // seconds a new turn with other words than the prompt's is given to hold them
const committed = async (site, text) => {
  busySeen = false;
  let altered = null;
  const taken = () => {
    const gone = blocked(site);
    if (gone) return gone;
    const told = listen(site);
    if (!site.result.own.length) return takenUnseen(site, told);
    own = turnOf(site, text, (turn) => !ownBefore.has(turn));
    if (!own && !told && (altered = alteredTurn(site, text)) && after(calmFor(altered.textContent), ALTERED)) {
      own = altered;
      ownText = altered.textContent;
    }
    busySeen ||= isBusy(site);
    if (!own) return told;
    const address = conversation(site);
    if (address || !site.conversation.pattern) return { conversation: address };
    return isBusy(site) ? null : told;
  };
  const found = await until(taken, site.send.within);
  if (found) return found;
  if (own || !site.result.own.length) return { conversation: "" };
  const box = pick(site.prompt.box);
  const left = Boolean(box && holds(box, text));
  const limit = standingLimit(site);
  if (limit) return limit;
  if (!left && (busySeen || answersTo(site).some((answer) => !answersBefore.has(answer))))
    return { wrong: ["result.own", "the page works on the prompt, and none of these shows it"] };
  return { uncommitted: true, left };
};
const takenUnseen = (site, told) => {
  busySeen ||= isBusy(site);
  if (told && !busySeen) return told;
  const changed = signature(picturesIn(site, pictureFrame(site))) !== picturesBefore;
  return busySeen || changed || !site.result.busy.length ? { conversation: conversation(site) } : null;
};

// All of it in one question: write the prompt, submit it, see it taken. `anew`: the attempt begins with it.
const send = async (site, text, how, anew) => {
  if (anew) forgetTalk(site);
  const composed = await compose(site, text, how);
  return composed.written ? submit(site, text) : composed;
};

// Find an earlier prompt in the conversation that is shown.
// `alone`: the conversation was made for it.
const find = async (site, text, alone) => {
  forgetTalk(site);
  forgetPictures();
  ownText = text;
  const loaded = () => document.readyState === "complete" && (!site.conversation.loaded.length || pick(site.conversation.loaded, document, there));
  const found = await until(() => blocked(site) || turnOf(site, text) || (loaded() && { loaded: true }), ENOUGH);
  if (found?.blocked) return found;
  own = found instanceof Element ? found : (await until(() => turnOf(site, text), 1)) || (await searchUp(site, text));
  if (!own && alone && (own = onlyTurn(site, text))) ownText = own.textContent;
  return own ? { conversation: conversation(site) } : { absent: true };
};

// The picture(s). What the browser has loaded for an <img> it still has: of those only the address is told.
let given = { images: [], before: "" };
const picture = async (site, trusted) => {
  for (;;) {
    const found = await until(() => judged(site, trusted));
    if (!found.images) return found;
    const before = signature(found.images);
    const pictures = await Promise.all(found.images.map((image) => shownAt(image) || bytesOf(image)));
    given = { images: found.images, before };
    if (replacedMeanwhile()) continue;
    return { pictures, several: Boolean(found.several) };
  }
};
// Pages show previews in the very same place: what changed meanwhile was one.
const replacedMeanwhile = () => given.images.every((image) => image.isConnected) && signature(given.images) !== given.before;
// Whether it was one though it looked like none.
const LATER = 3; // seconds
const later = async (site) => {
  const taken = given.before.split("\n");
  const frames = site.result.mode === "replaced" ? [pictureFrame(site)] : answersTo(site);
  const now = () => frames.flatMap((frame) => picturesIn(site, frame)).filter((image) => whole(site, image) && !eachBefore.has(signature([image])));
  const changed = () => now().length && !taken.includes(signature([best(now())]));
  return { fresh: !(await until(changed, LATER)) };
};
const still = async () => ({ fresh: !replacedMeanwhile() });
// One of them once more, where the browser no longer has it.
const again = async (site, index) => ({ pictures: given.images[index] ? [await bytesOf(given.images[index])] : [] });
// Several pictures were offered and are in hand: say which, so that the conversation can go on.
const choose = async (site) => {
  const button = pick(site.result.choose);
  if (button) press(button);
  return {};
};

window.__novelgen = Object.fromEntries(
  Object.entries({ ready, free, step, anew, uploaded, begin, compose, readBack, submit, committed, send, find, picture, still, later, again, choose, uploads })
    .map(([name, ask]) => [name, alone(ask)]),
);
window.__novelgen.fileInput = fileInput;

// Question and answer as JSON. Halves of characters, which pages may show, are in no JSON.
const sound = (_key, value) => (typeof value === "string" && value.toWellFormed ? value.toWellFormed() : value);
window.__novelgen.ask = async (question) => {
  const [what, details] = JSON.parse(question);
  return JSON.stringify(await window.__novelgen[what](window.__novelgen.site, ...details), sound);
};

// The conversation: our own turn, which proves that a prompt was taken, and the answer to it.

let own = null; // our turn, the one whose answer is waited for
let ownText = ""; // and what is asked in it
let ownBefore = new Set(); // turns of ours that were there before the send
let ownWordsBefore = new Set(); // and their words, for pages that build turns anew
let answersBefore = new Set();

const follows = (element, other) => other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
// The newest turn that holds the prompt's words. Pages shorten and set prompts: only letters count.
const turnOf = (site, text, fits = there) => {
  const wanted = letters(text);
  const turns = every(site.result.own).filter(fits);
  return turns.findLast((turn) => letters(turn.textContent).includes(wanted)) || null;
};
// Pages build turns anew when a conversation gets its address: ours is then another element with the same words.
const ours = (site) => {
  if (own && !own.isConnected) own = turnOf(site, ownText) || own;
  return own;
};
// Pages shorten long prompts, or set them as Markdown: a new turn that holds other words, once the box holds none of ours.
const alteredTurn = (site, text) => {
  const box = pick(site.prompt.box);
  const turn = every(site.result.own).at(-1);
  const words = turn ? letters(turn.textContent) : "";
  const isNew = words && !ownBefore.has(turn) && !ownWordsBefore.has(words);
  return isNew && !(box && holds(box, text)) ? turn : null;
};
// The only turn of a conversation that holds one prompt, where it is like that prompt.
const onlyTurn = (site, text) => {
  const turns = every(site.result.own);
  const [words, wanted] = [letters(turns[0]?.textContent), letters(text)];
  const alike = words && (wanted.includes(words.slice(0, 12)) || words.includes(wanted.slice(0, 12)) || words.includes(wanted.slice(-12)));
  return turns.length === 1 && alike ? turns[0] : null;
};
// The answers to our turn: words may come in a turn of their own before the picture's.
const answersTo = (site) => {
  const mine = ours(site);
  const next = mine && every(site.result.own).find((turn) => turn !== mine && follows(turn, mine));
  const fits = mine
    ? (answer) => follows(answer, mine) && !(next && follows(answer, next))
    : (answer) => !answersBefore.has(answer);
  const found = every(site.result.answer).filter(fits);
  const outer = found.filter((answer) => !found.some((other) => other !== answer && other.contains(answer)));
  return mine ? outer : outer.slice(-1);
};
const isBusy = (site) => Boolean(pick(site.result.busy));
const conversation = (site) => {
  const pattern = site.conversation.pattern;
  return pattern && matching(pattern, location.pathname) ? location.pathname + location.search : "";
};

const remember = (site, text) => {
  own = null;
  ownText = text;
  ownBefore = new Set(every(site.result.own));
  ownWordsBefore = new Set([...ownBefore].map((turn) => letters(turn.textContent)));
  answersBefore = new Set(every(site.result.answer));
  rememberPictures(site);
};

// Chat pages take turns far off the screen out of the page: go up until ours is there or the beginning is reached.
const searchUp = async (site, text) => {
  const found = () => turnOf(site, text);
  let top = null;
  for (let round = 0; round < 60 && !found(); round += 1) {
    const first = every(site.result.own)[0];
    if (!first || first === top) return null;
    top = first;
    first.scrollIntoView({ block: "start" });
    await until(() => found() || every(site.result.own)[0] !== top, 0.7);
  }
  return found();
};

// The conversation: our own turn, which proves that a prompt was taken, and the answer to it.

let own = null; // our turn, the one whose answer is waited for
let ownText = ""; // and what is asked in it
let ownBefore = new Set(); // turns of ours that were there before the send
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
const answerTo = (site) => {
  const mine = ours(site);
  const next = mine && every(site.result.own).find((turn) => turn !== mine && follows(turn, mine));
  const fits = mine
    ? (answer) => follows(answer, mine) && !(next && follows(answer, next))
    : (answer) => !answersBefore.has(answer);
  return every(site.result.answer).find(fits) || null;
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

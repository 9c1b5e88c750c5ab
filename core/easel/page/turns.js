// The turns of a conversation. A turn may be told again and again as it changes; only what changed is touched.
// Everything a prompt or the server says goes in as text.

const list = document.getElementById("turns");
const RELOADS = 3;
const held = [];
const habits = { bloat: 0, unmount: 0 };
const offScreen = new IntersectionObserver(unmount, { rootMargin: "200px" });

export function setHabits(now) {
  Object.assign(habits, now);
}

export function showTurn(turn, choose) {
  const article = list.querySelector(`[data-turn-id="${turn.id}"]`) ?? addTurns(turn);
  const answer = article.querySelector(".answer");
  if (turn.pictures.length) showPictures(article, answer, turn, choose);
  else if (turn.done) showWords(article, answer, turn);
  else showProgress(answer, turn);
}

function addTurns(turn) {
  const asked = addArticle("user", "");
  const bubble = element("div", "bubble");
  bubble.textContent = turn.prompt;
  const references = turn.references.map((address) => {
    const picture = element("img", "reference");
    picture.alt = "Uploaded image";
    picture.src = address;
    return picture;
  });
  asked.querySelector("[data-message-author-role]").append(...references, bubble);
  const article = addArticle("assistant", turn.id);
  article.querySelector("[data-message-author-role]").append(element("div", "answer"));
  article.scrollIntoView({ block: "end" });
  return article;
}

function addArticle(role, id) {
  const article = element("article", role);
  article.dataset.testid = `conversation-turn-${list.children.length + 1}`;
  article.dataset.turn = role;
  if (id) article.dataset.turnId = id;
  const message = element("div", "message");
  message.dataset.messageAuthorRole = role;
  if (id) message.dataset.messageId = id;
  article.append(message);
  list.append(article);
  return article;
}

function showProgress(answer, turn) {
  if (!answer.querySelector(".progress")) {
    const progress = element("div", "progress");
    progress.textContent = "Creating image…";
    answer.replaceChildren(progress);
  }
  if (turn.preview) {
    const holder = answer.querySelector(".picture") ?? answer.appendChild(pictureHolder(turn, 0));
    holder.querySelector("img").src = turn.preview;
  }
}

function showWords(article, answer, turn) {
  const words = element("p", turn.error ? "words error" : "words");
  words.textContent = turn.text;
  answer.replaceChildren(words);
  finish(article);
}

function showPictures(article, answer, turn, choose) {
  answer.querySelector(".progress")?.remove();
  if (answer.dataset.shown) return settleChoice(article, answer, turn);
  answer.dataset.shown = "true";
  const before = answer.querySelector(".picture");
  const holders = turn.pictures.map((_, i) => (i === 0 && before ? before : pictureHolder(turn, i)));
  answer.replaceChildren(...holders);
  let awaited = turn.pictures.length;
  const settled = () => {
    awaited -= 1;
    if (awaited === 0 && (turn.pictures.length === 1 || turn.chosen !== null)) finish(article);
  };
  holders.forEach((holder, i) => fill(holder, turn.pictures[i], settled));
  if (turn.pictures.length > 1 && turn.chosen === null) askWhich(answer, turn, choose);
  else settleChoice(article, answer, turn);
  article.scrollIntoView({ block: "end" });
}

function pictureHolder(turn, index) {
  const holder = element("div", "picture");
  holder.id = `image-${turn.id}${index ? `-${index + 1}` : ""}`;
  for (let layer = 0; layer < turn.stacked; layer += 1) {
    const picture = element("img", layer ? "layer" : "");
    picture.alt = `Generated image: ${turn.prompt.slice(0, 80)}`;
    holder.append(picture);
  }
  return holder;
}

// Sets the address, and a few times again where loading breaks: then `settled`, whole or not.
function fill(holder, address, settled) {
  const [first, ...others] = holder.querySelectorAll("img");
  let tries = 0;
  first.onload = () => {
    if (!first.src.endsWith(address)) return;
    first.onload = first.onerror = null;
    for (const other of others) other.src = address;
    leaveBloat();
    if (habits.unmount > 0) offScreen.observe(holder);
    settled();
  };
  first.onerror = () => {
    tries += 1;
    if (tries > RELOADS) {
      first.onload = first.onerror = null;
      settled();
    } else setTimeout(() => (first.src = address), 500);
  };
  first.src = address;
}

function askWhich(answer, turn, choose) {
  const question = element("div", "choice");
  question.dataset.testid = "image-choice";
  const words = element("p", "words");
  words.textContent = "Which image do you like more?";
  question.append(words);
  turn.pictures.forEach((_, i) => {
    const button = element("button", "");
    button.type = "button";
    button.dataset.testid = `image-choice-${i + 1}`;
    button.textContent = `Image ${i + 1} is better`;
    button.addEventListener("click", () => choose(turn.id, i));
    question.append(button);
  });
  answer.prepend(question);
}

function settleChoice(article, answer, turn) {
  if (turn.chosen === null) return;
  const question = answer.querySelector(".choice");
  question?.remove();
  answer.querySelectorAll(".picture").forEach((holder, i) => {
    if (i !== turn.chosen) holder.remove();
  });
  if (question) finish(article);
}

function finish(article) {
  if (article.querySelector(".actions")) return;
  const actions = element("div", "actions");
  const copy = element("button", "");
  copy.type = "button";
  copy.dataset.testid = "copy-turn-action-button";
  copy.setAttribute("aria-label", "Copy");
  copy.textContent = "Copy";
  actions.append(copy);
  article.append(actions);
}

function leaveBloat() {
  if (!habits.bloat) return;
  const rubbish = new Uint32Array(habits.bloat * 262144);
  // Every word another one: equal pages could be shared or compressed away.
  for (let i = 0; i < rubbish.length; i += 1) rubbish[i] = i * 2654435761;
  held.push(rubbish);
}

function unmount(entries) {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    if (isIntersecting && target.stowed) {
      target.append(...target.stowed);
      target.stowed = null;
      target.style.height = "";
    } else if (!isIntersecting && !target.stowed) {
      target.style.height = `${boundingClientRect.height}px`;
      target.stowed = [...target.children];
      target.replaceChildren();
    }
  }
}

function element(name, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  return made;
}

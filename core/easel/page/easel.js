// The page: hears of its conversation over one WebSocket, sends prompts, keeps its address.
// Never a timer for news: timers of background tabs are slowed, messages are not.
import { Composer } from "./composer.js";
import { coverPage, showToast, showThrottle } from "./dialogs.js";
import { setHabits, showTurn } from "./turns.js";

const SIGNED_OUT = 4401;
let conversation = location.pathname.startsWith("/c/") ? location.pathname.slice(3) : "";
let socket;
let retryAfter = 250;
let underWay = "";
const ended = new Set(); // turns

const composer = new Composer({ send, stop, upload });

function connect() {
  socket = new WebSocket(`ws://${location.host}/backend/push`);
  socket.onopen = () => {
    retryAfter = 250;
    watch();
  };
  socket.onmessage = (event) => hear(JSON.parse(event.data));
  socket.onclose = (event) => {
    if (event.code === SIGNED_OUT) {
      signIn();
      return;
    }
    setTimeout(connect, retryAfter);
    retryAfter = Math.min(retryAfter * 2, 5000);
  };
}

function watch() {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: conversation }));
}

function hear(message) {
  if (message.type === "turn") take(message.turn);
  else if (message.type === "conversation") takeConversation(message);
  else if (message.type === "habits") applyHabits(message.habits);
  else if (message.type === "stale") watch();
  else if (message.type === "dialog") coverPage();
  else if (message.type === "throttle") showThrottle();
  else if (message.type === "hang") hang(message.seconds);
  else if (message.type === "reload") location.reload();
}

function takeConversation(message) {
  applyHabits(message.habits);
  showRecent(message.recent);
  // Two snapshots can cross when one is asked for while another is on its way.
  if (message.conversation === conversation) for (const turn of message.turns) take(turn);
  if (message.throttled) showThrottle();
  document.body.dataset.ready = "true";
}

function take(turn) {
  if (turn.conversation !== conversation) return;
  // The answer to a send can come after the news that its picture is there.
  if (turn.done) ended.add(turn.id);
  else if (ended.has(turn.id)) return;
  document.getElementById("welcome").hidden = true;
  showTurn(turn, choose);
  if (!turn.done) underWay = turn.id;
  else if (underWay === turn.id) underWay = "";
  composer.setBusy(Boolean(underWay));
}

async function send(prompt, references) {
  const answer = await post("/backend/conversation", { prompt, conversation, references });
  if (answer === null) return false;
  if (answer.status === "uncommitted") return true;
  if (answer.status === "throttle") showThrottle();
  else if (answer.status === "toast") showToast(answer.text);
  if (answer.status !== "accepted") return false;
  if (!conversation) begin(answer.turn.conversation, answer.transient);
  take(answer.turn);
  if (answer.dialog) coverPage();
  // After a frame's time, so that the turn is committed before the page stops answering.
  if (answer.hang) setTimeout(() => hang(answer.hang), 50);
  return true;
}

function begin(id, transient) {
  conversation = id;
  if (transient) {
    history.pushState(null, "", `/c/WEB:${crypto.randomUUID()}`);
    setTimeout(() => history.replaceState(null, "", `/c/${id}`), 1000);
  } else history.pushState(null, "", `/c/${id}`);
  watch();
}

async function stop() {
  if (underWay) await post("/backend/stop", { turn: underWay });
}

function choose(turn, choice) {
  return post("/backend/choice", { turn, choice });
}

async function upload(file) {
  return post("/backend/files", file);
}

// The answer's JSON; null after the page has said what is wrong.
async function post(path, what) {
  const body = what instanceof Blob ? what : JSON.stringify(what);
  try {
    const response = await fetch(path, { method: "POST", body });
    if (response.status === 401) signIn();
    else if (response.status === 403) location.reload();
    else if (response.status >= 500) showToast("Something went wrong. Please try again.");
    else return await response.json();
  } catch {
    showToast("Network error. Check your connection and try again.");
  }
  return null;
}

function signIn() {
  location.assign(`/auth/login?next=${encodeURIComponent(location.pathname)}`);
}

function applyHabits(habits) {
  setHabits(habits);
  composer.setHabits(habits);
}

function showRecent(recent) {
  const items = recent.map(([id, title]) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/c/${id}`;
    link.textContent = title;
    if (id === conversation) link.setAttribute("aria-current", "page");
    item.append(link);
    return item;
  });
  document.getElementById("recent").replaceChildren(...items);
}

function hang(seconds) {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end);
}

window.addEventListener("popstate", () => location.reload());
connect();

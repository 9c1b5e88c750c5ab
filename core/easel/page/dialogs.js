// What lies over the page: toasts that vanish, and dialogs that catch every click until they are dismissed.

const TOAST_SECONDS = 5;

export function showToast(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "alert");
  toast.textContent = text;
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), TOAST_SECONDS * 1000);
}

document.addEventListener("toast", (event) => showToast(event.detail));

export function coverPage() {
  show("modal-whats-new", "What's new", "Pictures now come with finer paper. Have a look around.", "Okay, let's go");
}

export function showThrottle() {
  const text =
    "You're making requests too quickly. We've temporarily limited access to your conversations. " +
    "Please wait a few minutes before trying again.";
  show("modal-conversation-history-rate-limit", "Too many requests", text, "Got it");
}

function show(testid, title, text, dismiss) {
  if (document.querySelector(`[data-testid="${testid}"]`)) return;
  const cover = document.createElement("div");
  cover.className = "cover";
  cover.dataset.testid = testid;
  const dialog = document.createElement("div");
  dialog.className = "dialog";
  dialog.setAttribute("role", "dialog");
  dialog.setAttribute("aria-modal", "true");
  dialog.setAttribute("aria-label", title);
  const heading = document.createElement("h2");
  heading.textContent = title;
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.testid = "close-button";
  button.textContent = dismiss;
  button.addEventListener("click", () => cover.remove());
  dialog.append(heading, words, button);
  cover.append(dialog);
  document.body.append(cover);
}

// Waiting without polling: every wait is a look after something changed, at most one in SOON milliseconds.

const SOON = 40;
const looks = new Set();
let lookDue = 0;
let lastLook = -SOON;

const lookNow = () => {
  clearTimeout(lookDue);
  lookDue = 0;
  lastLook = performance.now();
  for (const look of [...looks]) look();
};
const lookAgain = () => {
  if (lookDue || !looks.size) return;
  const since = performance.now() - lastLook;
  if (since >= SOON) lookNow();
  else lookDue = setTimeout(lookNow, SOON - since);
};

// Until `look` finds something, or null after so many seconds.
const until = (look, seconds = Infinity) =>
  new Promise((resolve, reject) => {
    let timer = 0;
    const end = (settle, value) => {
      looks.delete(attempt);
      clearTimeout(timer);
      settle(value);
    };
    const attempt = () => {
      try {
        const found = look();
        if (found) end(resolve, found);
      } catch (error) {
        end(reject, error);
      }
    };
    looks.add(attempt);
    if (seconds !== Infinity) timer = setTimeout(() => (attempt(), end(resolve, null)), seconds * 1000);
    attempt();
  });

const wake = (milliseconds) => setTimeout(lookAgain, milliseconds + 1);
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

new MutationObserver(lookAgain).observe(document, {
  subtree: true, childList: true, characterData: true, attributes: true,
});
for (const name of ["input", "transitionend", "animationend"]) document.addEventListener(name, lookAgain, true);
// What is loaded is often the very thing that is waited for, and it does not come in storms.
for (const name of ["load", "error"]) document.addEventListener(name, lookNow, true);
for (const name of ["pushState", "replaceState"]) {
  const real = history[name];
  history[name] = function (...args) {
    const out = real.apply(this, args);
    lookAgain();
    return out;
  };
}
addEventListener("popstate", lookAgain);

// A canvas changes without a word: where pictures come on one, its own pens tell us.
const drawOn = CanvasRenderingContext2D.prototype.drawImage;
let pensWatched = false;
const watchPens = () => {
  if (pensWatched) return;
  pensWatched = true;
  const pens = [
    [CanvasRenderingContext2D, ["drawImage", "putImageData", "fillRect", "clearRect", "fill", "stroke", "fillText"]],
    [ImageBitmapRenderingContext, ["transferFromImageBitmap"]],
    [WebGLRenderingContext, ["drawArrays", "drawElements"]],
    [WebGL2RenderingContext, ["drawArrays", "drawElements"]],
  ];
  for (const [kind, names] of pens)
    for (const name of names) {
      const real = kind.prototype[name];
      kind.prototype[name] = function (...args) {
        const out = real.apply(this, args);
        lookAgain();
        return out;
      };
    }
};

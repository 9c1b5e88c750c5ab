// Pictures: <img>, <canvas> or <a href>; which are whole, which are the same one, and their bytes.

const LARGEST = 96 * 2 ** 20;

const addressOf = (element) => (element.nodeName === "A" ? element.href : element.currentSrc || element.src || "");
const width = (element) => element.naturalWidth ?? element.width ?? 0;
const height = (element) => element.naturalHeight ?? element.height ?? 0;
const area = (element) => width(element) * height(element);
const loading = (element) => element.nodeName === "IMG" && !element.complete;

// A canvas has no address: a small copy of it tells two paintings apart, "" where nothing is on it.
const small = document.createElement("canvas");
small.width = small.height = 48;
const paintingOf = (canvas) => {
  if (!canvas.width || !canvas.height) return "";
  const pen = small.getContext("2d", { willReadFrequently: true });
  pen.clearRect(0, 0, 48, 48);
  try {
    drawOn.call(pen, canvas, 0, 0, 48, 48);
    const points = pen.getImageData(0, 0, 48, 48).data;
    let sum = 0;
    for (let i = 0; i < points.length; i += 1) sum = (Math.imul(sum, 31) + points[i]) | 0;
    return points.some((value) => value !== points[0]) ? String(sum) : "";
  } catch {
    return "tainted";
  }
};
const whole = (site, element) => {
  if (element.nodeName === "A") return Boolean(element.href);
  if (element.nodeName === "CANVAS" && !paintingOf(element)) return false;
  return !loading(element) && Math.min(width(element), height(element)) >= site.result.min_pixels;
};
const identity = (element) => {
  if (element.nodeName === "CANVAS") return `canvas:${paintingOf(element)}`;
  const address = addressOf(element);
  if (!/^https?:/.test(address)) return address;
  return new URL(address).searchParams.get("id") || address;
};
const signature = (elements) => elements.map((e) => `${identity(e)} ${addressOf(e)} ${width(e)}x${height(e)}`).join("\n");

// Where pages without turns show it.
const pictureFrame = (site) => {
  return site.result.answer.length ? pick(site.result.answer) : document;
};
// A lazy picture off the screen, or in a tab nobody looks at, would wait for ever to be loaded.
const eager = (element) => {
  if (element.loading === "lazy") element.loading = "eager";
  return element;
};
const picturesIn = (site, frame) => (frame ? every(site.result.picture, frame).map(eager) : []);

let picturesBefore = "";
let eachBefore = new Set();
let allBefore = new Set(); // addresses of all pictures, whoever's
const everything = () => [...document.querySelectorAll("img, canvas")];
const rememberPictures = (site) => {
  const now = site.result.mode === "replaced" ? picturesIn(site, pictureFrame(site)) : every(site.result.picture);
  picturesBefore = signature(now);
  allBefore = new Set(everything().map((element) => signature([element])));
  eachBefore = new Set(now.map((element) => signature([element])));
  if (site.result.picture.some((selector) => /canvas/i.test(selector))) watchPens();
};

const forgetPictures = () => {
  picturesBefore = "";
  eachBefore = new Set();
  allBefore = new Set();
};
// A new picture that the profile does not find.
const SEEN_BY_ANYBODY = 256; // pixels of an edge
const overlooked = (site, frames) => {
  const large = (one) => !loading(one) && Math.min(width(one), height(one)) >= Math.max(SEEN_BY_ANYBODY, site.result.min_pixels);
  const fits = (one) => large(one) && visible(one) && !allBefore.has(signature([one])) && frames.some((frame) => frame.contains(one));
  return everything().find((one) => fits(one) && (one.nodeName !== "CANVAS" || paintingOf(one))) || null;
};

const base64 = (blob) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
const painted = (element) => {
  const canvas = element.nodeName === "CANVAS" ? element : document.createElement("canvas");
  if (canvas !== element) {
    canvas.width = width(element);
    canvas.height = height(element);
    drawOn.call(canvas.getContext("2d"), element, 0, 0);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};

const fetched = async (address) => {
  const response = await fetch(address, { credentials: "include" });
  if (!response.ok) throw new Error(`the picture's address answered ${response.status}`);
  return response.blob();
};
// Where an <img> is from, for the tab to ask the browser for what it has loaded; null where the page itself is asked.
const shownAt = (element) => {
  const address = addressOf(element);
  if (element.nodeName !== "IMG" || !/^(https?|blob):/.test(address)) return null;
  const loaded = performance.getEntriesByName(address).at(-1);
  return loaded?.encodedBodySize > LARGEST ? null : { address, shown: true };
};
// Browsers show base64 that is written loosely; nobody else reads it.
const strict = (text) => {
  if (text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)) return text;
  try {
    return btoa(atob(decodeURIComponent(text)));
  } catch {
    return "";
  }
};
// Its bytes as the site gave them: {data}; {address} where only the browser itself may fetch them; {failed}.
const bytesOf = async (element) => {
  const address = addressOf(element);
  const inline = /^data:[^,]*;base64,/i.exec(address);
  if (inline) return { data: strict(address.slice(inline[0].length)) };
  let blob = null;
  let reason = "";
  if (element.nodeName === "CANVAS") {
    try {
      blob = await painted(element);
    } catch (error) {
      reason = String(error);
    }
  } else {
    for (let round = 0; round < 3 && !blob; round += 1) {
      if (round) await pause(0.5 * round);
      try {
        blob = await fetched(address);
      } catch (error) {
        reason = String(error.message || error);
      }
    }
    if (!blob && /^https?:/.test(address)) return { address };
    // A blob whose address was taken back is still on the screen.
    if (!blob && element.nodeName === "IMG") blob = await painted(element).catch(() => null);
  }
  if (!blob) return { failed: reason || "the picture has no bytes" };
  if (blob.size > LARGEST) return { failed: `the picture has ${blob.size} bytes` };
  return { data: await base64(blob) };
};

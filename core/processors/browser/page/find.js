// Finding elements: CSS, role=button[name="Send"], text=Got it, label=Prompt; the first of a list that finds any counts.

const squeeze = (text) => (text || "").replace(/\s+/g, " ").trim();
// Only letters and digits: what is left of a text however a page sets it.
const letters = (text) => (text || "").normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
const visible = (element) =>
  element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
const there = () => true;
const enabled = (element) => !element.disabled && element.getAttribute("aria-disabled") !== "true";

const patterns = new Map();
const matching = (pattern, text) => {
  if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(pattern, "i"));
  return patterns.get(pattern).exec(text);
};

const ROLES = {
  button: "button, summary, input[type=button], input[type=submit], input[type=reset], input[type=image]",
  link: "a[href]",
  textbox: "textarea, input:not([type]), input[type=text], input[type=search], [contenteditable=''], [contenteditable=true]",
  checkbox: "input[type=checkbox]",
  radio: "input[type=radio]",
  combobox: "select",
  option: "option",
  img: "img",
  heading: "h1, h2, h3, h4, h5, h6",
  dialog: "dialog",
};

const nameOf = (element) => {
  const by = (element.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
  const labelled = by.map((id) => document.getElementById(id)?.textContent || "").join(" ");
  const labels = [...(element.labels || [])].map(labelText).join(" ");
  const button = element.nodeName === "INPUT" && /^(button|submit|reset)$/.test(element.type) ? element.value : "";
  const field = /^(INPUT|TEXTAREA|SELECT)$/.test(element.nodeName) || element.isContentEditable;
  const names = [
    labelled, element.getAttribute("aria-label"), labels, element.alt, button,
    field ? "" : element.innerText, element.title, element.getAttribute("placeholder"),
  ];
  return squeeze(names.find((name) => squeeze(name)));
};
// A label's own words, without those of the field inside it.
const labelText = (label) => {
  const copy = label.cloneNode(true);
  for (const inner of copy.querySelectorAll("input, textarea, select, button, [contenteditable]")) inner.remove();
  return squeeze(copy.textContent);
};

// "Got it" and Got it are those words, case aside; /got it|close/i is a pattern.
const wording = (text) => {
  const pattern = /^\/(.*)\/([a-z]*)$/s.exec(text);
  if (pattern) {
    const expression = new RegExp(pattern[1], pattern[2]);
    return (words) => expression.test(squeeze(words));
  }
  const wanted = squeeze(text.replace(/^(["'])(.*)\1$/s, "$2").replaceAll('\\"', '"')).toLowerCase();
  return (words) => squeeze(words).toLowerCase() === wanted;
};

const byRole = (role, name) => {
  const css = `[role="${role}"]` + (ROLES[role] ? `, :is(${ROLES[role]}):not([role])` : "");
  const fits = name === undefined ? there : wording(name);
  return (root) => [...root.querySelectorAll(css)].filter((element) => name === undefined || fits(nameOf(element)));
};
const byText = (text) => {
  const fits = wording(text);
  return (root) => {
    const walker = document.createTreeWalker(root === document ? document.documentElement : root, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (walker.currentNode.data.trim() && !/^(SCRIPT|STYLE)$/.test(parent.nodeName) && fits(parent.textContent)) found.add(parent);
    }
    return [...found];
  };
};
const byLabel = (text) => {
  const fits = wording(text);
  const fields = "input, textarea, select, [contenteditable=''], [contenteditable=true], [role=textbox]";
  return (root) => [...root.querySelectorAll(fields)].filter((field) => fits(nameOf(field)));
};

const finders = new Map();
const finder = (selector) => {
  if (!finders.has(selector)) {
    const role = /^role=([\w-]+)\s*(?:\[name=(.+)\])?$/s.exec(selector);
    const other = /^(text|label|css)=(.*)$/s.exec(selector);
    if (role) finders.set(selector, byRole(role[1], role[2]));
    else if (other?.[1] === "text") finders.set(selector, byText(other[2]));
    else if (other?.[1] === "label") finders.set(selector, byLabel(other[2]));
    else finders.set(selector, (root) => [...root.querySelectorAll(other ? other[2] : selector)]);
  }
  return finders.get(selector);
};

const every = (selectors, root = document, fits = there) => {
  for (const selector of selectors) {
    const found = finder(selector)(root).filter(fits);
    if (found.length) return found;
  }
  return [];
};
const pick = (selectors, root = document, fits = visible) => every(selectors, root, fits)[0] || null;

// What of a profile this browser cannot read: [[key, what], …].
const unreadable = (given) => {
  const wrong = [];
  const check = (kind, [key, text], read) => {
    try {
      read(text);
    } catch (error) {
      wrong.push([key, `${kind} ${text} cannot be read: ${error.message.split("\n")[0]}`]);
    }
  };
  for (const selector of given.selectors) check("the selector", selector, (text) => finder(text)(document));
  for (const pattern of given.patterns) check("the pattern", pattern, (text) => text && matching(text, ""));
  return wrong;
};

// For looking a page over: what the selectors of a profile find now, and what would fit where they find nothing.

const describe = (element) => {
  const marks = ["id", "data-testid", "name", "data-message-author-role", "role", "aria-label", "type", "alt"]
    .map((name) => [name, element.getAttribute(name)])
    .filter(([, value]) => value)
    .slice(0, 3)
    .map(([name, value]) => ` ${name}="${value.slice(0, 40)}"`);
  return `<${element.nodeName.toLowerCase()}${marks.join("")}>`;
};
const survey = (site, selectors, fits) => {
  for (const [index, selector] of selectors.entries()) {
    let found = [];
    try {
      found = finder(selector)(document).filter(fits);
    } catch {
      continue; // no selector at all; told where the page was asked for
    }
    if (found.length) return { selector, index, count: found.length, element: describe(found[0]) };
  }
  return { count: 0 };
};
const HIDDEN_TOO = /^(upload\.input|result\.(own|answer|done|picture)|conversation\.loaded)$/;
const APPEARING = 3; // seconds a part is given to appear
const look = async (site, key, selectors) => {
  const now = () => survey(site, selectors, HIDDEN_TOO.test(key) ? there : visible);
  return (await until(() => now().count && now(), APPEARING)) || now();
};

// Ids and classes that a build or a framework made up are other ones tomorrow.
const lasting = (name) => name && name.length < 40 && !/\d{3,}|[:.]|^(css|sc|svelte|jsx|radix|react)-|[a-z][A-Z][a-z]*\d/.test(name);
const quoted = (text) => `"${text.replaceAll('"', '\\"')}"`;

// The shortest lasting selector that finds `element` first, and never `unlike`; "" where there is none.
const selectorFor = (element, unlike = null) => {
  const tag = element.nodeName.toLowerCase();
  const name = nameOf(element);
  const tries = [];
  if (lasting(element.id)) tries.push(`#${CSS.escape(element.id)}`);
  for (const key of ["data-testid", "data-test", "name", "data-message-author-role", "data-turn"])
    if (element.getAttribute(key)) tries.push(`${/^data/.test(key) ? "" : tag}[${key}=${quoted(element.getAttribute(key))}]`);
  if (name && name.length < 50) {
    if (/^(textarea|input|select)$/.test(tag) || element.isContentEditable) tries.push(`label=${name}`);
    if (/^(button|a)$/.test(tag)) tries.push(`role=${tag === "a" ? "link" : "button"}[name=${quoted(name)}]`);
  }
  if (element.type === "file") tries.push("input[type=file]");
  if (element.isContentEditable) tries.push("[contenteditable=true]");
  for (const sort of element.classList) if (lasting(sort)) tries.push(`${tag}.${CSS.escape(sort)}`);
  tries.push(tag);
  const first = (selector) => {
    const found = finder(selector)(document);
    return !found.includes(unlike) && (found.filter(visible)[0] === element || found[0] === element);
  };
  const fit = tries.find((selector) => selector !== tag && first(selector));
  if (fit) return fit;
  for (let above = element.parentElement; above && above !== document.body; above = above.parentElement) {
    const sorts = [...above.classList].filter(lasting).map((sort) => `.${CSS.escape(sort)}`);
    const anchors = [lasting(above.id) ? `#${CSS.escape(above.id)}` : "", above.dataset.testid ? `[data-testid=${quoted(above.dataset.testid)}]` : "", ...sorts];
    const found = anchors.filter(Boolean).map((anchor) => `${anchor} ${tag}`).find(first);
    if (found) return found;
  }
  return first(tag) ? tag : "";
};

const SENDS = /send|submit|generate|create|draw|run|imagine|paint|queue|go\b|senden|erzeugen|generieren|erstellen|zeichnen|envoyer|générer|dessiner|enviar|generar|crear|gerar|生成|送信|发送/i;
const STOPS = /stop|cancel|interrupt|abort|abbrechen|anhalten|arrêter|annuler|cancelar|停止/i;
const NEWS = /^(new|neu|nouve|nuev|nov[ao])/i;
const extent = (element) => {
  const box = element.getBoundingClientRect();
  return box.width * box.height;
};
const apartFrom = (element, other) => {
  const [one, two] = [element.getBoundingClientRect(), other.getBoundingClientRect()];
  return Math.hypot(one.right - two.right, one.bottom - two.bottom);
};
const largest = (elements, size) => elements.reduce((one, other) => (!one || size(other) > size(one) ? other : one), null);
const buttons = () => byRole("button")(document).filter(visible);
const boxNow = (site) => pick(site.prompt.box) || guesses["prompt.box"](site);
// The smallest element outside the box that holds all of the text.
const holding = (site, text) => {
  const wanted = letters(text);
  const box = pick(site.prompt.box);
  const fits = (element) => letters(element.textContent).includes(wanted) && !element.contains(box) && !box?.contains(element);
  let element = wanted && [...document.body.querySelectorAll("*")].findLast((one) => visible(one) && fits(one));
  while (element && !selectorFor(element) && element.parentElement !== document.body) element = element.parentElement;
  return element || null;
};

const guesses = {
  "prompt.box": () =>
    largest(byRole("textbox")(document).filter((one) => visible(one) && enabled(one) && !one.readOnly), extent),
  "send.button": (site) => {
    const box = boxNow(site);
    const near = buttons().filter((one) => !box || apartFrom(one, box) < 900);
    const named = near.filter((one) => SENDS.test(nameOf(one)) || SENDS.test(one.dataset.testid || ""));
    const sending = named.length ? named : near.filter((one) => one.type === "submit" && one.form);
    return box ? largest(sending, (one) => -apartFrom(one, box)) : sending[0] || null;
  },
  "upload.input": () => document.querySelector("input[type=file]"),
  "result.picture": (site) =>
    largest([...document.querySelectorAll("img, canvas")].filter((one) => visible(one) && Math.min(width(one), height(one)) >= site.result.min_pixels), area),
  "result.own": (site, text) => holding(site, text || ownText),
  "result.busy": () =>
    buttons().find((one) => STOPS.test(nameOf(one))) || document.querySelector("[aria-busy=true], [role=progressbar], progress"),
  "conversation.new": () => [...buttons(), ...byRole("link")(document).filter(visible)].find((one) => NEWS.test(nameOf(one))),
};
// What tells that one has to sign in first, where one cannot write.
const SIGNS_IN = /^(log|sign)[ -]?in|^(anmelden|einloggen|se connecter|connexion|iniciar sesi|acceder|entrar|accedi|ログイン|登录)/i;
guesses["signed_out.present"] = (site) =>
  pick(site.prompt.box) ? null
  : pick(["input[type=password]"]) || [...buttons(), ...byRole("link")(document).filter(visible)].find((one) => SIGNS_IN.test(nameOf(one)));
// Some pages only show another one.
const framed = () => {
  const frame = largest([...document.querySelectorAll("iframe")].filter(visible), extent);
  return { selector: frame && extent(frame) > (innerWidth * innerHeight) / 4 ? frame.src : "" };
};

// A picture that came after the send, wherever it is, and what would find it, its answer and our turn.
const STANDING = 3; // seconds it has not changed
const arrival = async (site, text, seconds) => {
  const large = (one) => !loading(one) && visible(one) && Math.min(width(one), height(one)) >= SEEN_BY_ANYBODY;
  const newest = () => largest(everything().filter((one) => large(one) && !allBefore.has(signature([one]))), area);
  const standing = () => newest() && after(calmFor(`arrival ${signature([newest()])}`), STANDING) && newest();
  const found = await until(standing, seconds);
  if (!found) return {};
  const words = holding(site, text);
  let answer = found;
  while (answer.parentElement && words && !answer.parentElement.contains(words)) answer = answer.parentElement;
  let mine = words;
  while (mine?.parentElement && !mine.parentElement.contains(answer)) mine = mine.parentElement;
  const apart = Boolean(words && answer !== found && !answer.contains(words));
  const mark = apart && byRole("button")(answer).find(visible);
  const fits = (element, unlike) => (element ? selectorFor(element, unlike) : "");
  return {
    size: `${width(found)}x${height(found)}`, picture: fits(found),
    answer: apart ? fits(answer, mine) : "", own: apart ? fits(mine, answer) : "", done: fits(mark),
  };
};

// What would fit under `key`: {} where nothing suggests itself.
const suggest = (site, key, text = "") => {
  const element = guesses[key]?.(site, text);
  const selector = element ? selectorFor(element) : "";
  return selector ? { selector, element: describe(element) } : {};
};
// Take what was written for a try out of the box again.
const clear = (site) => {
  const box = pick(site.prompt.box);
  if (box && field(box)) fill(box, "");
  else if (box) {
    selectAll(box);
    document.execCommand("delete");
  }
  return {};
};
Object.assign(window.__novelgen, { look, suggest, clear, framed, arrival });

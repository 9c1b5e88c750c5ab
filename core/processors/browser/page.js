// Runs inside the page. Nothing here polls: every wait is a look after a change of the page.
(() => {
  if (window.__novelgen) return;

  const pick = (selectors, root = document) => {
    for (const selector of selectors) {
      const found = root.querySelector(selector);
      if (found) return found;
    }
    return null;
  };
  const every = (selectors, root = document) => {
    for (const selector of selectors) {
      const found = [...root.querySelectorAll(selector)];
      if (found.length) return found;
    }
    return [];
  };
  const squeeze = text => (text || "").replace(/\s+/g, " ").trim();
  const visible = element => element.getClientRects().length > 0;

  const looks = new Set();
  const lookAgain = () => { for (const look of [...looks]) look(); };
  new MutationObserver(lookAgain).observe(document, {
    subtree: true, childList: true, characterData: true, attributes: true,
  });
  document.addEventListener("load", lookAgain, true);
  for (const name of ["pushState", "replaceState"]) {
    const real = history[name];
    history[name] = function (...args) { const out = real.apply(this, args); lookAgain(); return out; };
  }
  const until = look => new Promise(resolve => {
    const attempt = () => {
      const found = look();
      if (found) { looks.delete(attempt); resolve(found); }
    };
    looks.add(attempt);
    attempt();
  });

  const blocked = site => {
    if (site.challenge_title && new RegExp(site.challenge_title, "i").test(document.title)) return { blocked: "human" };
    if (site.signed_out.some(selector => document.querySelector(selector))) return { blocked: "login" };
    return null;
  };
  const said = (site, answer) => {
    const places = [...(answer ? [answer] : []), ...site.speech.flatMap(s => [...document.querySelectorAll(s)]).filter(visible)];
    for (const place of places) {
      const words = squeeze(place.innerText);
      for (const saying of site.sayings)
        if (new RegExp(saying.pattern, "i").test(words)) return { outcome: saying.outcome, said: words.slice(0, 500) };
    }
    return null;
  };
  const conversation = site =>
    site.conversation && new RegExp(site.conversation).test(location.pathname) ? location.pathname + location.search : "";

  const uncover = (site, element) => {
    for (let round = 0; round < 3; round++) {
      const box = element.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!top || element.contains(top) || top.contains(element)) return true;
      const button = site.dismiss.map(s => document.querySelector(s)).find(b => b && visible(b));
      if (!button) return false;
      button.click();
    }
    return false;
  };
  const insert = (box, text) => {
    box.focus();
    if (box.isContentEditable) {
      document.execCommand("selectAll");
      document.execCommand("insertText", false, text);
      return squeeze(box.innerText) === squeeze(text);
    }
    const setter = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set;
    setter.call(box, text);
    box.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
    return box.value === text;
  };

  let own = null; // our own turn in the page, the one whose answer is waited for
  let older = new Set(); // answers that were there before the send, for pages that show no turn of ours

  const follows = (element, other) => other.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
  const answerTo = (site, turn) =>
    every(site.answer).find(answer => (turn ? follows(answer, turn) : !older.has(answer))) || null;

  const ready = site => until(() => blocked(site) || (pick(site.prompt) && { ready: true }));

  const send = async (site, text) => {
    const open = await until(() => blocked(site) || pick(site.prompt));
    if (open.blocked) return open;
    const before = new Set(every(site.own_turn));
    older = new Set(every(site.answer));
    const limit = said(site, null);
    if (limit) return limit;
    if (!uncover(site, open)) return { covered: true };
    if (!insert(open, text)) return { unreadable: squeeze(open.innerText || open.value).slice(0, 200) };
    const button = await until(() => { const b = pick(site.send); return b && !b.disabled ? b : null; });
    if (!uncover(site, button)) return { covered: true };
    button.click();
    return until(() => {
      const gone = blocked(site);
      if (gone) return gone;
      const turn = every(site.own_turn).find(t => !before.has(t));
      const trouble = said(site, answerTo(site, turn));
      if (trouble) return trouble;
      const url = conversation(site);
      if (site.own_turn.length && !turn) return null; // not taken yet: a click that «worked» is no send
      if (site.conversation && !url) return null;
      own = turn || null;
      return { conversation: url };
    });
  };

  const find = async (site, text) => {
    const open = await ready(site);
    if (open.blocked) return open;
    const wanted = squeeze(text);
    const found = await until(() => {
      const turns = every(site.own_turn);
      const turn = turns.find(t => squeeze(t.innerText).includes(wanted));
      if (turn) return { turn };
      return document.readyState === "complete" && (turns.length || pick(site.prompt)) ? { missing: true } : null;
    });
    if (found.missing) return { missing: true };
    own = found.turn;
    return { conversation: conversation(site) };
  };

  const bytesOf = async image => {
    const response = await fetch(image.currentSrc || image.src, { credentials: "include" });
    if (!response.ok) throw new Error(`the picture's address answered ${response.status}`);
    const blob = await response.blob();
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
      reader.onerror = () => reject(reader.error);
      reader.readAsDataURL(blob);
    });
  };
  const area = image => image.naturalWidth * image.naturalHeight;
  const whole = (site, image) => image.complete && Math.min(image.naturalWidth, image.naturalHeight) >= site.min_pixels;
  const identity = image => {
    const url = new URL(image.currentSrc || image.src, location.href);
    return url.searchParams.get("id") || url.href;
  };

  const result = site => until(() => {
    const gone = blocked(site);
    if (gone) return gone;
    const answer = answerTo(site, own);
    const trouble = said(site, answer);
    if (trouble) return trouble;
    if (!answer) return null;
    const done = site.done.length ? pick(site.done, answer) : true;
    if (!done) return null;
    const images = every(site.picture, answer);
    if (!images.length) return site.done.length ? { outcome: "soft-refused", said: squeeze(answer.innerText).slice(0, 500) } : null;
    if (!images.every(image => image.complete)) return null;
    const fit = images.filter(image => whole(site, image)).sort((a, b) => area(b) - area(a));
    if (!fit.length) return { outcome: "retryable", said: "the picture did not load" };
    const offered = site.choice && new RegExp(site.choice, "i").test(answer.innerText);
    const several = [...new Map(fit.map(image => [identity(image), image])).values()];
    return { images: offered ? several : [fit[0]] };
  });
  const picture = async site => {
    const found = await result(site);
    if (!found.images) return found;
    try {
      return { pictures: await Promise.all(found.images.map(bytesOf)) };
    } catch (error) {
      return { outcome: "retryable", said: String(error) };
    }
  };

  window.__novelgen = { ready, send, find, picture };
})();

// Dialogs that lie over what we want to touch, and pressing as a hand does.

const press = (element) => {
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  const box = element.getBoundingClientRect();
  const at = {
    bubbles: true, cancelable: true, composed: true, view: window, button: 0, pointerId: 1, isPrimary: true,
    pointerType: "mouse", clientX: box.left + box.width / 2, clientY: box.top + box.height / 2,
  };
  // Some menus open on the pointer, not on the click.
  element.dispatchEvent(new PointerEvent("pointerdown", { ...at, buttons: 1 }));
  element.dispatchEvent(new MouseEvent("mousedown", { ...at, buttons: 1 }));
  element.dispatchEvent(new PointerEvent("pointerup", at));
  element.dispatchEvent(new MouseEvent("mouseup", at));
  element.click();
};

// The element that would be clicked instead of `element`, or null where nothing lies over it.
const coverOf = (element) => {
  let box = element.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) {
    element.scrollIntoView({ block: "center" });
    box = element.getBoundingClientRect();
  }
  const left = Math.max(0, box.left);
  const right = Math.min(innerWidth, box.right);
  const top = Math.max(0, box.top);
  const bottom = Math.min(innerHeight, box.bottom);
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  if (!over || element.contains(over) || over.contains(element)) return null;
  return over;
};

// Frees `element` of what lies over it: true once nothing does. Pages fade their loading screens and dialogs, so what
// cannot be dismissed is given `patience` seconds to go by itself.
const uncover = async (site, element, patience = 3) => {
  const way = () => site.dismiss.map((selector) => pick([selector])).find(Boolean);
  for (let round = 0; round < 5 && coverOf(element); round += 1) {
    const button = way() || (await until(() => !coverOf(element) || way(), patience));
    if (button instanceof Element) {
      press(button);
      await until(() => !coverOf(element), 1);
    } else if (!button) return false;
  }
  return !coverOf(element);
};
const coverWords = (element) => {
  let over = coverOf(element);
  while (over?.parentElement && over.parentElement !== document.body && squeeze(over.innerText).length < 20) over = over.parentElement;
  return squeeze(over?.innerText).slice(0, 200);
};
const coverButton = (element) => {
  let over = coverOf(element);
  while (over && over !== document.body) {
    const button = pick(["role=button", "role=link"], over);
    if (button) return nameOf(button);
    over = over.parentElement;
  }
  return "";
};

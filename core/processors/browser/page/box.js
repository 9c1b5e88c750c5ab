// The prompt box: what is in it, and putting a prompt there.

const field = (box) => "value" in box && !box.isContentEditable;
const textOf = (box) => (field(box) ? box.value : box.innerText);
const holds = (box, text) => squeeze(textOf(box)) === squeeze(text);

const selectAll = (box) => {
  box.focus();
  if (field(box)) box.select();
  else getSelection().selectAllChildren(box);
};
const insert = (box, text) => {
  selectAll(box);
  document.execCommand("insertText", false, text);
};
const fill = (box, text) => {
  box.focus();
  if (!field(box)) {
    box.textContent = text;
  } else {
    // Past the page's own setter: frameworks keep theirs on the element and would not see the change.
    Object.getOwnPropertyDescriptor(Object.getPrototypeOf(box), "value").set.call(box, text);
  }
  box.dispatchEvent(new InputEvent("input", { bubbles: true, data: text, inputType: "insertText" }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
};

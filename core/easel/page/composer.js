// The prompt box: a contenteditable of paragraphs, a send button that is there only when there is something
// to send, and a stop button in its place while a picture is under way.

const box = document.getElementById("prompt-textarea");
const trailing = document.getElementById("trailing");
const tray = document.getElementById("references");
const picker = document.getElementById("upload-photos");

export class Composer {
  constructor({ send, stop, upload }) {
    this.busy = false;
    this.sending = false;
    this.uploading = 0;
    this.newlineSubmits = false;
    this.references = [];
    this.deliver = send;
    this.uploadFile = upload;
    this.sendButton = button("send-button", "composer-submit-button", "Send prompt", "↑", () => this.submit());
    this.stopButton = button("stop-button", "composer-stop-button", "Stop streaming", "■", stop);
    box.addEventListener("input", () => this.edited());
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("paste", pastePlain);
    picker.addEventListener("change", () => this.pick());
    document.getElementById("composer").addEventListener("submit", (event) => event.preventDefault());
    this.refresh();
  }

  setBusy(busy) {
    this.busy = busy;
    this.refresh();
  }

  // Standing habits among the faults: see the table in core/easel/faults.py.
  setHabits(habits) {
    this.newlineSubmits = habits.newline > 0;
    if (habits.redesign > 0) {
      box.id = "composer-input";
      box.className = "editor";
      this.sendButton.id = "go";
      this.sendButton.dataset.testid = "go";
      this.sendButton.setAttribute("aria-label", "Go");
    }
  }

  edited() {
    const text = read(box);
    if (text === "") box.replaceChildren(emptyParagraph());
    else if (this.newlineSubmits && text.includes("\n") && !this.busy) {
      const [first, ...rest] = text.split("\n");
      write(first);
      this.submit().then(() => write(rest.join("\n")));
      return;
    }
    this.refresh();
  }

  key(event) {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.shiftKey) {
      event.preventDefault();
      document.execCommand("insertParagraph");
    } else {
      event.preventDefault();
      this.submit();
    }
  }

  async submit() {
    const prompt = read(box).trim();
    if (!prompt || this.busy || this.sending || this.uploading) return;
    const references = this.references;
    this.sending = true;
    this.references = [];
    write("");
    const sent = await this.deliver(prompt, references.map((reference) => reference.file));
    this.sending = false;
    if (!sent) {
      this.references = references;
      write(prompt);
    }
    this.refresh();
  }

  async pick() {
    const files = [...picker.files];
    picker.value = "";
    this.uploading += 1;
    this.refresh();
    for (const file of files) {
      const answer = await this.uploadFile(file);
      if (answer?.status === "ok") this.references = [...this.references, answer];
      else if (answer?.text) document.dispatchEvent(new CustomEvent("toast", { detail: answer.text }));
    }
    this.uploading -= 1;
    this.refresh();
  }

  refresh() {
    const empty = read(box).trim() === "";
    box.classList.toggle("empty", read(box) === "");
    const wanted = this.busy ? this.stopButton : empty ? null : this.sendButton;
    this.sendButton.disabled = this.sending || this.uploading > 0;
    if (trailing.firstChild !== wanted) trailing.replaceChildren(...(wanted ? [wanted] : []));
    tray.replaceChildren(...this.references.map((reference) => this.chip(reference)));
  }

  chip(reference) {
    const holder = document.createElement("div");
    holder.className = "chip";
    const picture = document.createElement("img");
    picture.src = reference.address;
    picture.alt = "Attached picture";
    const remove = button("remove-file-button", "", "Remove file", "×", () => {
      this.references = this.references.filter((other) => other !== reference);
      this.refresh();
    });
    holder.append(picture, remove);
    return holder;
  }
}

// The text of the box: one line a paragraph, as a person sees it.
export function read(node) {
  let text = "";
  const walk = (parent) => {
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) text += child.data;
      else if (child.nodeName === "BR") {
        if (child.nextSibling) text += "\n";
      } else {
        if (child.previousSibling) text += "\n";
        walk(child);
      }
    }
  };
  walk(node);
  return text.replaceAll("\u00a0", " ");
}

function write(text) {
  const lines = text.split("\n").map((line) => {
    const paragraph = emptyParagraph();
    if (line) paragraph.textContent = line;
    return paragraph;
  });
  box.replaceChildren(...lines);
  box.classList.toggle("empty", text === "");
}

function emptyParagraph() {
  const paragraph = document.createElement("p");
  paragraph.append(document.createElement("br"));
  return paragraph;
}

function pastePlain(event) {
  event.preventDefault();
  document.execCommand("insertText", false, event.clipboardData.getData("text/plain"));
}

function button(testid, id, label, sign, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.testid = testid;
  if (id) made.id = id;
  made.setAttribute("aria-label", label);
  made.textContent = sign;
  made.addEventListener("click", press);
  return made;
}

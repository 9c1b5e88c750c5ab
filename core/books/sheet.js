"use strict";
const figures = [...document.querySelectorAll("figure")];
const words = document.querySelector("#words"), chapter = document.querySelector("#chapter");
const count = document.querySelector("#count"), box = document.querySelector("dialog");
const said = new Map(figures.map(figure =>
  [figure, `${figure.textContent} ${figure.querySelector("img").alt}`.toLowerCase()]));
const shown = () => figures.filter(figure => !figure.classList.contains("gone"));
const filter = () => {
  const sought = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const figure of figures) {
    const text = said.get(figure);
    const fits = sought.every(word => text.includes(word)) && (!chapter.value || figure.dataset.chapter === chapter.value);
    figure.classList.toggle("gone", !fits);
  }
  for (const section of document.querySelectorAll("section"))
    section.classList.toggle("gone", !section.querySelector("figure:not(.gone)"));
  count.textContent = `${shown().length} of ${figures.length}`;
};
let at = null;
const show = figure => {
  at = figure;
  box.querySelector("img").src = figure.querySelector("img").src;
  box.querySelector("div").replaceChildren(...[...figure.querySelector("figcaption").cloneNode(true).childNodes]);
  const made = document.createElement("small");
  made.textContent = figure.dataset.made;
  box.querySelector("div").append(made);
  if (!box.open) box.showModal();
};
const step = by => {
  const all = shown(), next = all[all.indexOf(at) + by];
  if (next) show(next);
};
for (const figure of figures) figure.addEventListener("click", () => show(figure));
box.addEventListener("click", () => box.close());
document.addEventListener("keydown", event => {
  if (!box.open) return;
  if (event.key === "ArrowRight") step(1);
  if (event.key === "ArrowLeft") step(-1);
});
words.addEventListener("input", filter);
chapter.addEventListener("change", filter);
filter();

// Uploads masters: files are chosen or dropped, get a title, and go to the store.

import { isKnownOther } from "../upload/known.js";
import { moment } from "../upload/api.js";
import { Row } from "../upload/row.js";
import { Transfers } from "../upload/transfers.js";

const words = JSON.parse(document.getElementById("words").textContent);
const form = document.getElementById("upload");
const chooser = document.getElementById("files");
const drop = document.getElementById("drop");
const list = document.getElementById("rows");
const template = document.getElementById("row");
const start = document.getElementById("start");
const transfers = new Transfers();
const rows = new Set();

const waiting = () => [...rows].filter((row) => row.waits);

function refresh() {
  start.hidden = waiting().length === 0;
  list.hidden = rows.size === 0;
}

function addRow(file, upload) {
  if ([...rows].some((row) => row.file.name === file.name && row.file.size === file.size)) return;
  const row = new Row(template, file, upload, transfers, words, () => {
    rows.delete(row);
    refresh();
  });
  row.replaces = form.dataset.replaces;
  rows.add(row);
  list.append(row.element);
  refresh();
}

/** goesOn has a file go on with an unfinished upload, unless it is another file. */
async function goesOn(item, file) {
  const { upload: id, name, size, partSize, title } = item.dataset;
  const error = item.querySelector("[data-error]");
  error.hidden = file.name === name && file.size === Number(size) && !(await isKnownOther(id, file));
  if (!error.hidden) return false;
  item.remove();
  const section = document.getElementById("unfinished");
  section.hidden = !section.querySelector("li");
  addRow(file, { id, part_size: Number(partSize), title });
  return true;
}

async function add(files) {
  for (const file of files) {
    const item = [...document.querySelectorAll("[data-upload]")].find(({ dataset }) => dataset.name === file.name && Number(dataset.size) === file.size);
    if (!item || !(await goesOn(item, file))) addRow(file);
  }
}

chooser.addEventListener("change", async () => {
  await add([...chooser.files]);
  chooser.value = "";
});

for (const item of document.querySelectorAll("[data-upload]")) {
  const again = item.querySelector("input[type=file]");
  again.addEventListener("change", () => again.files.length && goesOn(item, again.files[0]));
}

for (const [event, over] of [["dragenter", true], ["dragover", true], ["dragleave", false], ["drop", false]]) {
  drop.addEventListener(event, (told) => {
    told.preventDefault();
    drop.classList.toggle("over", over);
    if (event === "drop") add([...told.dataTransfer.files]);
  });
}

const embargo = form.elements.embargo_until;
const unclear = document.getElementById("embargo-wrong");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const about = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() && name !== "title" && name !== "key") about[name] = value.trim();
  }
  unclear.textContent = "";
  embargo.removeAttribute("aria-invalid");
  try {
    if (about.keep_back) about.embargo_until = about.keep_back;
    else if (about.embargo_until) about.embargo_until = await moment(about.embargo_until);
    delete about.keep_back;
  } catch (error) { // a time that the clocks leave out, or nobody who would know
    unclear.textContent = error.status ? error.message : words.unreachable;
    embargo.setAttribute("aria-invalid", "true");
    embargo.focus();
    return;
  }
  for (const row of waiting()) row.begin(about);
  refresh();
});

// Shows and hides what is typed into password fields, and the rule as it is met.

import { check } from "../account/rule.js";

for (const button of document.querySelectorAll("[data-show]")) {
  const field = document.getElementById(button.dataset.show);
  const words = [button.textContent, button.dataset.hide];
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = field.type === "password";
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = words[Number(shown)];
    field.focus();
  });
  // A password that is shown is not one that browsers offer to keep.
  field.form.addEventListener("submit", () => { field.type = "password"; });
}

const list = document.getElementById("password-rule");
if (list) watch(list);

function watch(list) {
  const words = JSON.parse(document.getElementById("words").textContent);
  const said = document.getElementById("rule-said");
  const password = document.getElementById("password");
  const known = ["email", "name"].map((id) => document.getElementById(id));
  let pause;

  const show = () => {
    const parts = check(password.value, ...known.map((field) => field?.value ?? ""));
    const missing = [];
    for (const item of list.children) {
      const part = item.dataset.part;
      const met = password.value !== "" && parts[part];
      item.classList.toggle("met", met);
      item.classList.toggle("unmet", password.value !== "" && !met);
      item.querySelector(".off-screen")?.remove();
      if (password.value !== "") item.append(aside(` (${met ? words.met : words.unmet})`));
      if (!met) missing.push(words[part]);
    }
    clearTimeout(pause);
    pause = setTimeout(() => {
      if (password.value === "") said.textContent = "";
      else said.textContent = missing.length ? words.missing.replace("%s", missing.join(", ")) : words.good;
    }, 800);
  };
  for (const field of [password, ...known]) field?.addEventListener("input", show);
  show();
}

function aside(text) {
  const span = document.createElement("span");
  span.className = "off-screen";
  span.textContent = text;
  return span;
}

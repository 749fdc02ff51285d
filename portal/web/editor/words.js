// The words of the page, in its language, and its elements.

const words = JSON.parse(document.getElementById("words").textContent);

const numbers = new Intl.NumberFormat(document.documentElement.lang);

// t returns words, with {name} replaced by values; numbers are written as the language does.
export function t(key, values = {}) {
  const written = (value) => (typeof value === "number" ? numbers.format(value) : value ?? "");
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => written(values[name]));
}

// make builds an element: make("button", {type: "button", onclick}, "text", child).
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

// keepFocus hands the focus of somebody at the keyboard on to the button that takes the part,
// before what has it is hidden.
export function keepFocus(leaving, root) {
  if (leaving.querySelector(":focus-visible")) root.querySelector("[data-part], [data-return]")?.focus();
}

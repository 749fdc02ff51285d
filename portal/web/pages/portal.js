// What every page has: menus that close when one clicks elsewhere or presses Escape.

for (const menu of document.querySelectorAll(".masthead details")) {
  addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What every page has: menus that close when one clicks elsewhere or presses Escape, links
// that lead back.

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

// stays reports whether a path is of this page, which is at another address where it is the
// answer to a form.
const stays = (path) => new URL(path, location.href).pathname === location.pathname;

// Choosing another language keeps what the address has come to say meanwhile.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".languages a");
  if (!link || !stays(link.href)) return;
  const address = new URL(location.href);
  address.searchParams.set("lang", link.hreflang);
  link.href = address;
});

// A link that leads to signing in leads back to the page as it is then, marks and all.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-return]");
  if (!link) return;
  const address = new URL(link.href);
  if (!stays(address.searchParams.get("return_to") ?? "/")) return;
  address.searchParams.set("return_to", location.pathname + location.search);
  link.href = address;
});

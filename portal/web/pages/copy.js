// Copies what is shown once.

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const word = button.textContent;
  button.hidden = !navigator.clipboard;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const parts = source.matches("ol, ul") ? [...source.children] : [source];
    await navigator.clipboard.writeText(parts.map((part) => part.textContent.trim()).join("\n"));
    button.textContent = button.dataset.copied;
    setTimeout(() => { button.textContent = word; }, 3000);
  });
}

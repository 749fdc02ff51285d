// WebKitGTK takes a video for one without length, in which it seeks nowhere, if it is asked
// what can be sought before it has read how long it is. media-chrome asks whenever something
// arrives; so it is told until then that nothing can be. It is imported before media-chrome.

const video = document.querySelector("[data-editor] video");
if (video?.readyState === 0) {
  Object.defineProperty(video, "seekable", { configurable: true, value: { length: 0 } });
  video.addEventListener("loadedmetadata", () => delete video.seekable, { once: true });
}

// Keeps what is typed at the desk from being left behind by mistake, times shots by a
// player, and shows how far things are while they are made.

import { guard } from "../desk/guard.js";
import { follow } from "../desk/live.js";
import { time } from "../desk/timing.js";

for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
for (const video of document.querySelectorAll("video[data-timing]")) time(video, document.getElementById(video.dataset.timing));
follow();

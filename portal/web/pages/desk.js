// Keeps what is typed at the desk from being left behind by mistake, and shows how far
// things are while they are made.

import { guard } from "../desk/guard.js";
import { follow } from "../desk/live.js";

for (const form of document.querySelectorAll("form[data-guard]")) guard(form);
follow();

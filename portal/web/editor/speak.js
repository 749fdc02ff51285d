// What the player's buttons are called in French. It is imported before them: they ask for
// their names as soon as they are there.

import { Fr } from "media-chrome/dist/lang/fr.js";
import { addTranslation } from "media-chrome/dist/utils/i18n.js";

addTranslation("fr", { ...Fr, "closed captions": "sous-titres" });

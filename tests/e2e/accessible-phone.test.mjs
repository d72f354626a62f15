// Nothing for axe-core to say of the page on a phone.

import { accessibleAt, isTyped } from "./axe.mjs";

// There the script is behind a button; the states that need it are looked at on the wide page.
accessibleAt({ viewport: { width: 360, height: 800 }, states: (state) => !isTyped(state) });

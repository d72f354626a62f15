// axe-core finds no violations on a phone.

import { accessibleAt, isTyped } from "./axe.mjs";

// On a phone the script is behind a button; the test of the wide page covers the states that need
// it.
accessibleAt({ viewport: { width: 360, height: 800 }, states: (state) => !isTyped(state) });

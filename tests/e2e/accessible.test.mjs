// axe-core finds no violations on a wide screen.

import { accessibleAt } from "./axe.mjs";

accessibleAt({ viewport: { width: 1280, height: 800 } });

// The one script of every page. Each module wires itself to what it finds on the page,
// so a page without a board, say, pays nothing for the board but its bytes.

import "htmx.org/dist/htmx.esm.js";
import "bootstrap/js/dist/dropdown.js";

import "./src/requests.js";
import "./src/toasts.js";
import "./src/theme.js";
import "./src/dialogs.js";
import "./src/board.js";
import "./src/board-keys.js";
import "./src/following.js";
import "./src/quicklog.js";
import "./src/guide.js";
import "./src/moving.js";
import "./src/palette.js";
import "./src/editing.js";
import "./src/forms.js";
import "./src/activity.js";
import "./src/together.js";
import "./src/copying.js";
import "./src/selection.js";
import "./src/plan.js";
import "./src/review.js";
import "./src/keys.js";
import "./src/pairs.js";
import "./src/today.js";
import "./src/tabs.js";
import "./src/zone.js";
import "./src/letters.js";

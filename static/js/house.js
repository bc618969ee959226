// The house's own scripts: pages work without them; with them, hands stay on the keyboard.
import "./keyboard.js";
import "./rows.js";
import "./once.js";
import "./menus.js";
import "./leaving.js";
import "./toast.js";
import "./choosing.js";
import "./stay.js";
import "./picking.js";
import "./amounts.js";
import "./scanning.js";
import "./signing.js";
import "./copying.js";
import "./counting.js";
import "./clocks.js";

/** Asks for what the first screen shows. A script of its own, so that the questions are on their way while most of the page still comes. */
import { languageOfPage } from "../i18n.js";
import { viewInvitation } from "../net/api.js";
import { wordsOf } from "../speech.js";

export const SESSION_KEY = "visit.session";

export const fetchWords = wordsOf("patient");

const code = location.hash.slice(1);
let asked = code === "" || isKept() ? null : viewInvitation(code);
void fetchWords(languageOfPage(), "").catch(() => {});

/** What the page's own link opens: the answer to the early question once, then asked anew. @param {string} of */
export function view(of) {
  const answer = of === code ? asked : null;
  asked = null;
  return answer ?? viewInvitation(of);
}

/** Whether this tab may have a session: then the link is not asked about. */
function isKept() {
  try {
    return sessionStorage.getItem(SESSION_KEY) !== null;
  } catch {
    return false;
  }
}

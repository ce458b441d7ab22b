import"./patient-U6TQWK5I.js";import"./patient-J4MNJXQS.js";

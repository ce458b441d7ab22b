import"./patient-YSYUMRI3.js";import"./patient-J4MNJXQS.js";

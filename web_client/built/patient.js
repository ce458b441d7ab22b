import"./patient-BUZU4KGL.js";import"./patient-J4MNJXQS.js";

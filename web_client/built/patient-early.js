import{g as a,h as b,i as c}from"./patient-CY6YLCRI.js";import"./patient-F7VMW4FH.js";export{a as SESSION_KEY,b as fetchWords,c as view};

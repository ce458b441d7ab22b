import{g as a,h as b,i as c}from"./patient-HEMI2NKL.js";import"./patient-J7465B2O.js";export{a as SESSION_KEY,b as fetchWords,c as view};

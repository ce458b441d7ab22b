import{h as a,i as b,j as c}from"./patient-HA3YI5IH.js";import"./patient-46DYSRFJ.js";export{a as SESSION_KEY,b as fetchWords,c as view};

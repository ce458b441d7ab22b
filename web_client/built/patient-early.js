import{p as a,q as b,r as c}from"./patient-J4MNJXQS.js";export{a as SESSION_KEY,b as fetchWords,c as view};

// The rule that accounts.CheckPassword holds passwords to, part by part, so that people
// see it met while they type. A test compares both.

const has = (text, pattern) => pattern.test(text);

// Letters of a script without case count as both.
const upper = /[\p{Lu}\p{Lt}]/u;
const lower = /\p{Ll}/u;
const caseless = /[\p{Lm}\p{Lo}]/u;

const small = (letter) => [...letter.toLowerCase()][0];

const letters = (text) => [...text.normalize("NFC")].filter((c) => has(c, /\p{L}/u)).map(small).join("");

const lowered = (text) => [...text].map(small).join("");

// resembles: the same letters as a name, or as the local part of an address, and no others.
function resembles(password, known) {
  const own = letters(known.split("@")[0]);
  return own !== "" && letters(password) === own;
}

// check tells of each part of the rule whether a password meets it.
export function check(password, email, name) {
  password = password.normalize("NFC");
  return {
    length: [...password].length >= 12,
    upper: has(password, upper) || has(password, caseless),
    lower: has(password, lower) || has(password, caseless),
    digit: has(password, /\p{Nd}/u),
    symbol: has(password, /[\p{P}\p{S}]/u),
    spaces: !has(password, /[\p{White_Space}\p{Cc}]/u),
    bytes: new TextEncoder().encode(password).length <= 256,
    email: !resembles(password, email) && !(email !== "" && lowered(password).includes(lowered(email))),
    name: !resembles(password, name),
  };
}

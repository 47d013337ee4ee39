// How a number is typed and read. Python puts this text before that of every widget that has a field for numbers.

const WHOLE = /^[+-]?(\d+|\d{1,3}(?:([, '’_])\d{3})(?:\2\d{3})*)$/; // 10,000 and 10 000 are ten thousand
const DECIMAL = /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i; // 0.5, 0,5 and 5e-1
const TWO_WAYS = /^[+-]?[1-9]\d{0,2},\d{3}$/; // 1,000 where fractions are allowed: one, or a thousand?

// The number that a text stands for; NaN if it is none, or could be two.
function readNumber(text, whole) {
  const typed = text.trim().replace("\u2212", "-").replace(/[\u00a0\u202f]/g, " ");
  if (whole) return WHOLE.test(typed) ? Number(typed.replace(/[^\d+-]/g, "")) : NaN;
  return DECIMAL.test(typed) && !TWO_WAYS.test(typed) ? Number(typed.replace(",", ".")) : NaN;
}

// What is to be asked about a fraction that could be two numbers; nothing about any other text.
function whichOfTwo(text) {
  if (!TWO_WAYS.test(text.trim())) return "";
  const [one, thousand] = [text.trim().replace(",", "."), text.trim().replace(",", "")];
  return `Is that ${Number(one)} or ${thousand}? Write it without the comma`;
}

// Numbers as people write them, in any of the world's usual ways: one reader for boxes and links.

export interface ReadNumber {
  value: number;
  /** Set where the text can be read in two ways: what it was read as, and how to write the other. */
  note: string | null;
}

/** First digits of scripts whose digits NFKC leaves as they are: Arabic, Persian, Devanagari, Bengali, Thai. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
const LONGEST = 40;

/** In plain digits, with "-" and "." and "," only; grouping by spaces, apostrophes or underscores undone. */
function plain(text: string): string {
  const digits = [...text.normalize('NFKC')].map((letter) => {
    const code = letter.codePointAt(0)!;
    const zero = ZEROS.find((first) => code >= first && code < first + 10);
    return zero === undefined ? letter : String(code - zero);
  });
  return digits
    .join('')
    .trim()
    .replace(/[\u2212\u2010-\u2013\uFE63]/g, '-')
    .replaceAll('\u066B', ',')
    .replaceAll('\u066C', "'")
    .replace(/(?<=\d)[\s'\u2019_](?=\d{3}(?!\d))/g, '');
}

const isGrouped = (text: string, sign: string): boolean => new RegExp(`^[+-]?\\d{1,3}(\\${sign}\\d{3})+$`).test(text);

/** The number that a text means; null where it means none. `1,000` is read as a thousand, and says so. */
export function readNumber(text: string): ReadNumber | null {
  if (text.length > LONGEST) return null;
  const written = plain(text);
  const [whole, rest = ''] = written.split(/(?=[eE])/, 2);
  const last = Math.max(whole.lastIndexOf(','), whole.lastIndexOf('.'));
  const decimal = last < 0 ? '' : whole[last];
  const other = decimal === ',' ? '.' : ',';
  if (decimal && whole.includes(other)) {
    // both signs: the last one is the decimal sign, the other groups
    if (!isGrouped(whole.slice(0, last), other)) return null;
    return number(whole.slice(0, last).replaceAll(other, '') + '.' + whole.slice(last + 1) + rest);
  }
  const isThousands = decimal !== '' && isGrouped(whole, decimal) && !/^[+-]?0/.test(whole);
  const times = decimal ? whole.split(decimal).length - 1 : 0;
  if (isThousands && (times > 1 || decimal === ',')) {
    const read = number(whole.replaceAll(decimal, '') + rest);
    const isClear = times > 1 || read === null;
    return isClear
      ? read
      : {
          ...read,
          note: `“${text.trim()}” was read as ${read.value}; for a decimal point write ${whole.replace(',', '.')}.`,
        };
  }
  return times > 1 ? null : number(whole.replace(',', '.') + rest);
}

function number(text: string): ReadNumber | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/.test(text)) return null;
  const value = Number(text) + 0;
  return Number.isFinite(value) ? { value, note: null } : null;
}

/**
 * The number that a box takes from what was typed, and a sentence where it is not plainly that.
 * `fit` brings any number into the box's range, `range` says which that is ("1 to 50").
 */
export function takeNumber(
  text: string,
  before: number,
  fit: (value: number) => number,
  range = '',
): { value: number; note: string | null } {
  const read = readNumber(text);
  if (!read) {
    const isEmpty = text.trim() === '';
    return { value: before, note: isEmpty ? null : `“${text.trim().slice(0, 24)}” is not a number; ${before} stays.` };
  }
  const value = fit(read.value);
  if (value === read.value) return { value, note: read.note };
  const possible = range ? ` Possible is ${range}.` : '';
  return { value, note: `${read.note ? `${read.note} ` : ''}${read.value} was brought to ${value}.${possible}` };
}

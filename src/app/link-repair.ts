// Undoes what mailers, chats and people do to a link on its way: signs escaped twice or written as entities, folded lines,
// punctuation of the sentence around it.

const ENTITIES = /&(?:amp|#38|#x26);/gi;
const SENTENCE = /(?:[\s.,;:!?)>\]}'"»”’*_|\\]|%20|%0D|%0A|%3E|%22|%29|&(?:gt|quot|nbsp);)+$/i;
const FOLDS = /(?:=(?=%0D|%0A))?(?:%0D|%0A)+|[\r\n\t]+/gi;

const unescaped = (text: string): string => text.replace(/%26(?:amp;|amp%3B)?/gi, '&').replace(/%3D/gi, '=');

/** An address behind "#" as it was meant. An unharmed one comes back as it is. */
export function repairHash(hash: string): string {
  let text = hash.replace(FOLDS, '');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(ENTITIES, '&').replace(/%25(?=26|3D|3F|2D|2E|5F)/gi, '%');
  }
  text = text.replace(SENTENCE, '');
  const question = text.indexOf('?');
  const escaped = text.search(/%3F/i);
  if (escaped >= 0 && (question < 0 || escaped < question))
    text = `${text.slice(0, escaped)}?${unescaped(text.slice(escaped + 3))}`;
  // a query without a single "&" or "=" of its own was escaped as a whole
  const [path, query] = splitAt(text, '?');
  const isEscaped = query !== '' && (!query.includes('=') || (!query.includes('&') && /%26/i.test(query)));
  return isEscaped ? `${path}?${unescaped(query)}` : text;
}

function splitAt(text: string, sign: string): [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

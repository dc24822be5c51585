// Which icon draws which concept. Four packages say it by code point; EmojiOne and Firefox OS name their icons in words,
// which are matched by the names that Unicode, CLDR and common shortcodes give the emoji, and by hand where those fail or mislead.
import { type Concept } from './concepts.ts';
import { fromPackage, IconSet, STYLES, type StyleSource } from './icon-sets.ts';

type ByHand = Record<string, string | null>;

/** EmojiOne 2.3 icons whose names are older than today's. null: the drawing shows something else, or nothing fits. */
const EMOJIONE: ByHand = {
  '🤖': 'robot-face',
  '😺': 'grinning-cat-face',
  '😸': 'grinning-cat-face-with-smiling-eyes',
  '😹': 'cat-face-with-tears-of-joy',
  '😻': 'smiling-cat-face-with-heart-eyes',
  '😼': 'cat-face-with-wry-smile',
  '😽': 'kissing-cat-face',
  '🙀': 'weary-cat-face',
  '😿': 'crying-cat-face',
  '😾': 'pouting-cat-face',
  '😵': 'dizzy-face',
  '❣️': 'heavy-heart-exclamation',
  '👱': 'blond-haired-person',
  '👲': 'man-with-chinese-cap',
  '🤵': 'man-in-tuxedo',
  '👰': 'bride-with-veil',
  '🕴️': 'man-in-suit-levitating',
  '🎯': 'direct-hit',
  '👭': 'two-women-holding-hands',
  '👫': 'man-and-woman-holding-hands',
  '👬': 'two-men-holding-hands',
  '❓️': 'question-mark',
  '❗️': 'exclamation-mark',
  '🅰️': 'a-button',
  '🅱️': 'b-button',
  '🆎': 'ab-button',
  '🅾️': 'o-button',
  '🆙': 'up-text-button',
  '🏏': 'cricket',
  '🦗': null, // the insect is not drawn
  '🔫': null, // a real gun; the concept is a water pistol
};

/** Firefox OS icons. */
const FXEMOJI: ByHand = {
  '😃': 'grinwide',
  '😄': 'grinwideeyes',
  '😆': 'grinsquint',
  '😅': 'grinsweat',
  '😂': 'grintears',
  '🙂': 'smallsmile',
  '😊': 'smileeyes',
  '😙': 'kisseyes',
  '😚': 'kissclosedeyes',
  '😋': 'smiletongue',
  '😜': 'tongueoutwink',
  '😝': 'tongueoutwink2',
  '🙁': 'smallfrown',
  '😦': 'frownmouth',
  '😧': 'anguish',
  '😥': 'dissapointedrelief',
  '😱': 'screamfear',
  '😣': 'perservere',
  '☠️': 'blackskullcrossbones',
  '👺': 'japaneseangrymask',
  '🙈': 'monkeysee',
  '🙉': 'monkeyhear',
  '🙊': 'monkeyspeak',
  '💘': 'heartarrow',
  '💕': '2hearts',
  '💛': 'heartyellow',
  '💚': 'heartgreen',
  '💜': 'heartpurple',
  '💦': 'sweatsplash',
  '💬': 'speechbubble',
  '💭': 'thoughtbaloon',
  '😡': 'pouting',
  '🙎': 'pout',
  '😈': 'devilhorns',
  '👿': 'imp',
  '👋': 'waving',
  '🌊': 'wave',
  '🖐️': 'raisedhandsfingerssplayed',
  '🖖': 'raisedhandpartfingers',
  '👌': 'aok',
  '👈️': 'left',
  '👉️': 'right',
  '👆️': 'up',
  '👇️': 'down',
  '☝️': 'index',
  '🖕': 'reversehandmiddlefinger',
  '🙌': 'high5',
  '👐': 'hands',
  '✍️': 'leftwritinghand',
  '💪': 'flexbicep',
  '👱': 'blonde',
  '👴': 'gpa',
  '👵': 'gma',
  '🙍': 'frown',
  '🙅': 'nogesture',
  '🙆': 'okgesture',
  '💁': 'waitress',
  '🙋': 'handup',
  '🙇': 'bowing',
  '🎀': 'bow',
  '🏹': null,
  '🕵️': 'sleuthspy',
  '👷': 'construct',
  '👳': 'turban',
  '👲': 'guapimao',
  '👰': 'bride',
  '💆': 'headmassage',
  '👯': 'bunny-ears',
  '👭': 'girlgirl',
  '👬': 'guyguy',
  '👫': 'girlguy',
  '💑': 'couple',
  '💏': 'couplekiss',
  '👪️': null,
  '👤': 'contact',
  '👥': 'contact2',
  '🐕️': 'dogside',
  '🐈️': 'catside',
  '🐅': 'tigerside',
  '🐖': 'pigside',
  '🐁': 'mouseside',
  '🐽': 'pigsnout',
  '🐹': 'hampster',
  '🐰': 'bunny',
  '🐇': 'bunnyside',
  '🐥': 'frontfacingchick',
  '🐳': 'spurtingwhale',
  '🐲': 'dragonhead',
  '🦊': 'foxsmiling',
  '🌲': 'evergreen',
  '🍂': 'fallingleaf',
  '🍃': 'leaffluttering',
  '🌶️': 'chilipepper',
  '🌰': 'acorn',
  '🍥': 'fishcakeswirl',
  '🍽️': 'forkknife',
  '🌍️': 'europeafricaglobe',
  '🌎️': 'americasglobe',
  '🌏️': 'asiaaustraliaglobe',
  '🌐': 'meridianglobe',
  '🗾': 'silhouetteohjapan',
  '🏔️': 'snowmountains',
  '🏗️': 'construction',
  '🚧': 'constructionsign',
  '🗼': 'toykotower',
  '🚅': 'highspeedtrainbulletnose',
  '🕰️': 'manltepiececlock',
  '🕛️': 'clock12oclock',
  '🕧️': 'clock12thirty',
  '🕐️': 'clock1oclock',
  '🕜️': 'clock1thirty',
  '🕑️': 'clock2oclock',
  '🕝️': 'clock2thirty',
  '🕒️': 'clock3oclock',
  '🕞️': 'clock3thirty',
  '🕓️': 'clock4oclock',
  '🕟️': 'clock4thirty',
  '🕠️': 'clock5thirty',
  '🕕️': 'clock6oclock',
  '🕡️': 'clock6thirty',
  '🕖️': 'clock7oclock',
  '🌖': 'waningbibbousmoon',
  '☀️': 'sunrays',
  '🌩️': 'stormcloud',
  '⚡️': 'bolt',
  '🎊': 'confetti',
  '🎁': 'present',
  '🎗️': 'reminder',
  '🎾': 'tennisball',
  '🕶️': 'darksunglasses',
  '👕': 'mansshirt',
  '👚': 'womansshirt',
  '👛': 'pinkwallet',
  '👝': 'makeupbag',
  '👞': 'mensshoe',
  '👟': 'mensrunner',
  '👠': 'heels',
  '👡': 'sandals',
  '🔇': 'speakercancellation',
  '🔉': 'speakeronesoundwave',
  '🔊': 'speaker3soundwaves',
  '🔕': 'bellcancellation',
  '🎙️': 'studiomic',
  '🎛️': 'controlknob',
  '📱': 'cellphone',
  '📲': 'phonerightarrowleft',
  '📞': 'telephonereceiver2',
  '💾': 'floppydisk2',
  '📹️': 'handheldvideocamera',
  '📼': 'videocasette',
  '🔍️': 'leftmagnifyingglass',
  '🔎': 'rightmagnifyingglass',
  '📔': 'notebookdecorativecover',
  '📑': 'bookmarktab',
  '💴': 'banknoteyen',
  '💵': 'banknotedollar',
  '💶': 'banknoteeuro',
  '💷': 'banknotepound',
  '💹': 'chartupwardstrendyen',
  '📩': 'envelopedownarrowabove',
  '📤️': 'outbox',
  '📪️': 'closedmailboxlowered',
  '📫️': 'closedmailboxraised',
  '📬️': 'openmailboxraised',
  '📭️': 'openmailboxlowered',
  '🗳️': 'ballottboxwithballott',
  '🖊️': 'lowerleftpen',
  '📈': 'chartupwardstrend',
  '📉': 'chartdownwardstrend',
  '🔐': 'lockandkey',
  '🚰': 'potablewatersystem',
  '🔞': 'nooneunder18symbol',
  '⤴️': 'arrowrightwardsupwards',
  '⤵️': 'arrowrightwardsdownwards',
  '🔃': 'clockwisedownupcircledarrows',
  '🔄': 'anticlockwiseupwardsanddownwardsarrows',
  '🔙': 'backwithleftwardsarrow',
  '🔚': 'endwithleftwardsarrow',
  '🔛': 'onarrowleftright',
  '🔜': 'soonwithrightarrow',
  '🔝': 'topwithupwardsarrow',
  '✝️': 'heavylatincross',
  '🔯': 'sixpointedstarwithdot',
  '♐️': 'saggitarius',
  '🔁': 'clockwiserightwardsleftwardscirclearrows',
  '🔂': 'clockwiserightwardsleftwardscirclearrowsone',
  '▶️': 'blackrightpointingarrow',
  '⏩️': 'blackrightpointingdoublearrow',
  '◀️': 'blackleftpointingarrow',
  '⏪️': 'blackleftpointingdoublearrow',
  '⏫️': 'blackuppointingdoublearrow',
  '⏬️': 'blackdownpointingdoublearrow',
  '🔼': 'uppointingsmallredtrisngle',
  '🔽': 'downpointingsmallredtrisngle',
  '🆙': 'squaredup',
  '✖️': 'heavymultiplicationsymbol',
  '‼️': 'doubleexclaimationmark',
  '⁉️': 'exclaimationquestionmark',
  '❓️': 'blackquestionmark',
  '❕️': 'whiteexclaimationmark',
  '❗️': 'heavyexclaimationmarksymbol',
  '✳️': 'eightspokedasterix',
  '🅰️': 'negativesquaredlatincaptiala',
  '🅱️': 'negativesquaredlatincaptialb',
  '🅾️': 'negativesquaredlatincaptialo',
  '🈯️': 'cjkunifiedideograph-a',
  '🈺': 'cjkunifiedideograph-b',
  '🈲': 'cjkunifiedideograph-c',
  '🈳': 'cjkunifiedideograph-d',
  '🈴': 'cjkunifiedideograph-e',
  '🈵': 'cjkunifiedideograph-f',
  '🈶': 'cjkunifiedideograph-g',
  '🈷️': 'cjkunifiedideograph-h',
  '🈚️': 'cjkunifiedideograph-i',
  '🈸': 'cjkunifiedideograph-j',
  '🈹': 'cjkunifiedideograph-k',
  '💠': 'diamondshapewithdotinside',
  '🏴': 'blackwaving',
  '🌂': 'umbrella',
  '⌨️': 'wiredkeyboard',
  '🤒': null,
  '🪟': null, // would be a bare thermometer, a window of a desktop
  '⛱️': null,
  '☂️': null,
  '⏳️': null, // the drawings of a beach, of a closed umbrella, of an hourglass that has run out
  '🔫': null,
  '💙': null,
  '🚋': null,
  '🌫️': null, // a real gun; drawings that are broken or all but empty here
};

/** Noto drawings on which the rasteriser stops: they hold groups that lie outside the picture. */
const NOTO: ByHand = { '📦️': null, '🏳️‍🌈': null };

/** The cat face and the grinning cat are one drawing. */
const FLUENT_FLAT: ByHand = { '😺': null };

const BY_HAND: Record<string, ByHand> = {
  noto: NOTO,
  'fluent-flat': FLUENT_FLAT,
  emojione: EMOJIONE,
  fxemoji: FXEMOJI,
};
const plainEmoji = (emoji: string): string => emoji.replaceAll('\u{fe0f}', '');
const squeezed = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '');

/** Unicode's names and the shortcodes of several lists: code points, upper case -> name or names. */
function nameLists(): Record<string, string | string[]>[] {
  const files = ['cldr', 'emojibase', 'github', 'iamcal', 'joypixels', 'emojibase-legacy'].map(
    (list) => `en/shortcodes/${list}.json`,
  );
  return [...files, 'meta/unicode-names.json'].map(
    (file) => fromPackage(`emojibase-data/${file}`) as Record<string, string | string[]>,
  );
}

/** Every name that the emoji has in Unicode, CLDR and shortcode lists. */
function namesOf({ code, name }: Concept, lists: Record<string, string | string[]>[]): string[] {
  const keys = [code, `${code}-fe0f`].map((key) => key.toUpperCase());
  return [name, ...lists.flatMap((list) => keys.flatMap((key) => list[key] ?? []))];
}

/** Icon names of one style, by concept code. */
function matchStyle(source: StyleSource, concepts: Concept[], sets: Map<string, IconSet>): Map<string, string> {
  const hand = new Map(Object.entries(BY_HAND[source.id] ?? {}).map(([emoji, name]) => [plainEmoji(emoji), name]));
  const otherwise = finder(source, sets, new Set([...hand.values()]));
  const icons = concepts.map((concept): [string, string | null | undefined] => {
    const byHand = hand.get(plainEmoji(concept.emoji));
    return [concept.code, byHand === undefined ? otherwise(concept) : byHand];
  });
  return new Map(icons.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** How a style's icons are found where no hand has chosen: by code point, by a sister style, or by name. */
function finder(
  source: StyleSource,
  sets: Map<string, IconSet>,
  chosen: Set<string | null>,
): (concept: Concept) => string | undefined {
  const set = sets.get(source.id)!;
  if (set.byCode.size > 0) return (concept) => set.byCode.get(concept.code);
  if (source.id === 'fluent') {
    const flat = sets.get('fluent-flat')!; // the two share their names
    return (concept) => [flat.byCode.get(concept.code)].find((name) => name !== undefined && set.has(name));
  }
  return nameFinder(set, chosen);
}

/** Finds icons by any of the emoji's names; no drawing is given twice, nor one that a hand has given. */
function nameFinder(set: IconSet, chosen: Set<string | null>): (concept: Concept) => string | undefined {
  const taken = new Set([...chosen].map((name) => name && set.resolve(name)));
  const icons = new Map(set.names().map((name) => [squeezed(name), name]));
  const lists = nameLists();
  return (concept) => {
    const names = namesOf(concept, lists).map((name) => icons.get(squeezed(name)));
    const found = names.find((name) => name !== undefined && !taken.has(set.resolve(name)));
    if (found !== undefined) taken.add(set.resolve(found));
    return found;
  };
}

/** For each style, the icon of every concept that it draws. */
export function matchAll(concepts: Concept[], sets: Map<string, IconSet>): Map<string, Map<string, string>> {
  return new Map(STYLES.map((source) => [source.id, matchStyle(source, concepts, sets)]));
}

// The six drawing styles of the emoji set: the packages they come from and how one icon becomes an SVG document.
import { createRequire } from 'node:module';
import type { Licence } from '../../../src/data/types.ts';

const requireHere = createRequire(import.meta.url);

/** Reads a module or JSON file of a package that tools/build-data/package.json lists. @throws Error that says how to install them. */
export function fromPackage(path: string): unknown {
  try {
    return requireHere(path);
  } catch (error) {
    throw new Error(`build-data: cannot read ${path}; install its packages with: npm ci --prefix tools/build-data`, {
      cause: error,
    });
  }
}

interface Icon {
  body: string;
  left?: number;
  top?: number;
  width?: number;
  height?: number;
  hidden?: boolean;
}
interface IconFile {
  icons: Record<string, Icon>;
  aliases?: Record<string, Partial<Icon> & { parent: string }>;
  width?: number;
  height?: number;
}

export interface StyleSource {
  id: string;
  title: string;
  package: string;
  homepage: string;
  licence: Licence;
  /** Words of the licence holders' own choosing, where they ask for credit. */
  credit: string;
}

const CC_BY = 'emoji/licences/CC-BY-4.0.txt';
const APACHE = 'emoji/licences/Apache-2.0.txt';
const FLUENT = 'emoji/licences/MIT-fluent-emoji.txt';

export const STYLES: StyleSource[] = [
  {
    id: 'twemoji',
    title: 'Twemoji',
    package: '@iconify-json/twemoji',
    homepage: 'https://github.com/jdecked/twemoji',
    licence: { id: 'CC-BY-4.0', holder: 'Twitter, Inc and other contributors', text: CC_BY },
    credit: 'Graphics by Twitter, Inc and other contributors (Twemoji), CC BY 4.0, rasterised',
  },
  {
    id: 'noto',
    title: 'Noto Emoji',
    package: '@iconify-json/noto',
    homepage: 'https://github.com/googlefonts/noto-emoji',
    licence: { id: 'Apache-2.0', holder: 'Google LLC', text: APACHE },
    credit: 'Graphics by Google (Noto Emoji), Apache License 2.0, rasterised',
  },
  {
    id: 'fluent-flat',
    title: 'Fluent Emoji Flat',
    package: '@iconify-json/fluent-emoji-flat',
    homepage: 'https://github.com/microsoft/fluentui-emoji',
    licence: { id: 'MIT', holder: 'Microsoft Corporation', text: FLUENT },
    credit: 'Graphics by Microsoft (Fluent Emoji), MIT licence, rasterised',
  },
  {
    id: 'fluent',
    title: 'Fluent Emoji',
    package: '@iconify-json/fluent-emoji',
    homepage: 'https://github.com/microsoft/fluentui-emoji',
    licence: { id: 'MIT', holder: 'Microsoft Corporation', text: FLUENT },
    credit: 'Graphics by Microsoft (Fluent Emoji), MIT licence, rasterised',
  },
  {
    id: 'emojione',
    title: 'EmojiOne 2.3',
    package: '@iconify-json/emojione',
    homepage: 'https://github.com/EmojiTwo/emojitwo',
    licence: { id: 'CC-BY-4.0', holder: 'EmojiOne (Ranks.com Inc.)', text: CC_BY },
    credit: 'Graphics by EmojiOne (version 2.3), CC BY 4.0, rasterised',
  },
  {
    id: 'fxemoji',
    title: 'Firefox OS Emoji',
    package: '@iconify-json/fxemoji',
    homepage: 'https://github.com/mozilla/fxemoji',
    licence: { id: 'CC-BY-4.0', holder: '2015 Mozilla Foundation', text: CC_BY },
    credit: 'Graphics by the Mozilla Foundation (Firefox OS Emoji), visual design CC BY 4.0, rasterised',
  },
];

/** One style's icons, by the package's own names. */
export class IconSet {
  private readonly file: IconFile;
  /** Icon name by code points, lower case, joined by "-", without the variation selector FE0F; empty when the package does not say. */
  readonly byCode: Map<string, string>;
  constructor(source: StyleSource) {
    this.file = fromPackage(`${source.package}/icons.json`) as IconFile;
    const chars = fromPackage(`${source.package}/chars.json`) as Record<string, string>;
    this.byCode = new Map(Object.entries(chars).map(([code, name]) => [plainCode(code), name]));
  }
  names(): string[] {
    return [...Object.keys(this.file.icons), ...Object.keys(this.file.aliases ?? {})];
  }

  has(name: string): boolean {
    return name in this.file.icons || name in (this.file.aliases ?? {});
  }

  /** The name of the drawing itself, where `name` is another name for it. */
  resolve(name: string): string {
    return this.file.aliases?.[name]?.parent ?? name;
  }

  /** A square SVG document of `name`; oblong drawings are centred. @throws Error when there is no such icon. */
  svg(name: string): string {
    const icon = this.file.icons[this.resolve(name)];
    if (!icon) throw new Error(`icon set: no icon "${name}"`);
    const { left = 0, top = 0, width = this.file.width ?? 16, height = this.file.height ?? 16, body } = icon;
    return `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64" viewBox="${left} ${top} ${width} ${height}">${body}</svg>`;
  }
}

/** "1F3F4-200D-2620-FE0F" -> "1f3f4-200d-2620". */
export const plainCode = (code: string): string => code.toLowerCase().replaceAll('-fe0f', '');

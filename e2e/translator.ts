// A translator as browsers have them: replaces every text below #root, later ones too, by new text in font elements.

/** Marks around a "translated" text. */
export const MARKS = /[«»]/g;

/** Runs in the page. */
export function translate(): void {
  const isOurs = (node: Node | null): boolean => node?.nodeName === 'FONT';
  const one = (text: Text): void => {
    const parent = text.parentElement!;
    // drawings, what holds text alone, and what the page says is not to be translated are left out, as translators do
    const skipped = 'svg, script, style, textarea, option, [translate="no"]';
    if (!text.data.trim() || isOurs(parent) || parent.closest(skipped)) return;
    const outer = document.createElement('font');
    const inner = document.createElement('font');
    inner.textContent = `«${text.data}»`;
    outer.append(inner);
    text.replaceWith(outer);
  };
  const all = (root: Node): void => {
    if (root.nodeType === Node.TEXT_NODE) return one(root as Text);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: Text[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) texts.push(node as Text);
    texts.forEach(one);
  };
  const root = document.querySelector('#root')!;
  const observer = new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'characterData') all(target);
      for (const node of addedNodes) if (!isOurs(node) && node.isConnected) all(node);
    }
  });
  observer.observe(root, { childList: true, subtree: true, characterData: true });
  all(root);
}

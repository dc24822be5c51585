// What this page is, how it trains, and under which licences its parts come.
import { useEffect, useState } from 'react';
import { CATALOG } from '../../labs/catalog.ts';
import { useTitle } from '../title.ts';

/** The text of the NOTICE file, loaded with this page alone. */
function useNotice(): string {
  const [text, setText] = useState('');
  useEffect(() => {
    import('../../../NOTICE?raw').then(
      (file) => setText(file.default),
      () => undefined,
    );
  }, []);
  return text;
}

export default function AboutPage() {
  useTitle('About');
  const notice = useNotice();
  return (
    <article className="prose about">
      <h1 className="page-title">A lab bench for papers</h1>
      <p className="page-lead">
        Paper Playground turns {CATALOG.length} machine-learning papers into small, honest experiments that anyone can
        run, change and share.
      </p>

      <h2>What you see is what was computed</h2>
      <p>
        Every curve comes from a model that was really trained: on this device when you press Run, or beforehand by the
        same code when a curve is marked <em>recorded</em>. Method and baseline see the same data in the same order and
        start from the same seeds. At the end a check with a number, which can fail, decides between{' '}
        <em>reproduced here</em>, <em>not reproduced here</em> and <em>undecided</em>.
      </p>
      <p>
        The experiments are far smaller than those in the papers: little images, little models, a minute or two. So a
        verdict speaks about this scale. Each lab lists, one by one, how it deviates from its paper.
      </p>

      <h2>How a browser trains a model here</h2>
      <p>
        Each training step is an ordinary ONNX graph: the forward pass, its gradient, and the optimiser’s update. The
        page writes that graph itself, by reverse-mode differentiation, simplifies it, and hands it to onnxruntime-web,
        which only knows how to run graphs. It runs on the graphics card through WebGPU, or on the processor through
        WebAssembly; the page measures which is faster for the lab at hand and says so.
      </p>
      <p>
        That is why you can download, from a lab’s Graph tab, the very step that trained your model, open it in Netron,
        or run it in Python.
      </p>

      <h2>The same link, the same run</h2>
      <p>
        A lab’s address holds its version, seeds and every setting that differs from the defaults. Opened again on the
        same kind of device it gives the same curve. Random numbers come from one seeded generator. Different devices
        round differently, so the last digits may differ between WebGPU and WebAssembly.
      </p>

      <h2>Privacy, and use without a network</h2>
      <p>
        There is no server behind this page, no account and no tracking. After the first visit it opens without a
        network, and so does every lab that you ran once; the gallery can keep all labs at once. Runs you keep, and the
        last run of each lab, are stored on this device only.
      </p>

      <h2>Keyboard</h2>
      <ul>
        <li>
          <kbd>Space</kbd> pauses and resumes a run while no control has the focus.
        </li>
        <li>
          Arrow keys, <kbd>Page up</kbd>, <kbd>Page down</kbd>, <kbd>Home</kbd> and <kbd>End</kbd> move a slider; every
          slider has a number box beside it.
        </li>
        <li>
          <kbd>Esc</kbd> leaves presenter mode and closes the settings sheet.
        </li>
        <li>Every chart has a table with the same numbers.</li>
      </ul>

      <h2>Licences</h2>
      <p>
        The code is under the MIT licence. Fonts: Source Serif 4, Inter and JetBrains Mono, under the SIL Open Font
        Licence 1.1. The data sets and their licences are listed on the <a href="#/data">data page</a>.
      </p>
      {notice && (
        <details>
          <summary>Full notices</summary>
          <pre className="notice-text" tabIndex={0} aria-label="Full notices">
            {notice}
          </pre>
        </details>
      )}
    </article>
  );
}

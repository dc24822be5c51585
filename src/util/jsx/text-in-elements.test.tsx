import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';

const shown = renderToStaticMarkup;
const Passing = ({ children }: { children: React.ReactNode }) => <p>{children}</p>;
const ready = Math.PI > 3;
const word = ready ? 'Run' : 'Stop';

describe('no text node has a sibling', () => {
  it('beside an element a text stands in a span', () => {
    expect(
      shown(
        <button type="button">
          <i />
          {word}
        </button>,
      ),
    ).toBe('<button type="button"><i></i><span>Run</span></button>');
    expect(shown(<p>a {ready && <b>x</b>}</p>)).toBe('<p><span>a </span><b>x</b></p>');
    expect(shown(<p>{[word, <b key="b" />]}</p>)).toBe('<p><span>Run</span><b></b></p>');
  });
  it('texts among themselves become one', () => {
    expect(
      shown(
        <p>
          {3} of {word}
          {null}
        </p>,
      ),
    ).toBe('<p>3 of Run</p>');
    expect(
      shown(
        <option value="a">
          {word} ({7})
        </option>,
      ),
    ).toBe('<option value="a">Run (7)</option>');
  });
  it('texts in a row beside an element are one, as they were one piece of a line', () => {
    expect(
      shown(
        <p>
          <b />
          recorded: {word} ({3} seeds)
        </p>,
      ),
    ).toBe('<p><b></b><span>recorded: Run (3 seeds)</span></p>');
  });
  it('a lone text stays as it is', () => {
    expect(shown(<p>{word}</p>)).toBe('<p>Run</p>');
    expect(shown(<Passing>{word}</Passing>)).toBe('<p>Run</p>');
  });
  it('texts that came through a component or a fragment too', () => {
    expect(
      shown(
        <Passing>
          a<b />
        </Passing>,
      ),
    ).toBe('<p><span>a</span><b></b></p>');
    expect(
      shown(
        <p>
          <>{word}</>
          <b />
        </p>,
      ),
    ).toBe('<p><span>Run</span><b></b></p>');
  });
  it('in a drawing a text stands in a tspan', () => {
    expect(
      shown(
        <text>
          {word}
          <tspan dx="3">x</tspan>
        </text>,
      ),
    ).toBe('<text><tspan>Run</tspan><tspan dx="3">x</tspan></text>');
  });
  it('numbers such as 0 are text, and what is not shown makes none', () => {
    expect(
      shown(
        <p>
          {0}
          {false}
          {undefined}
          {''}
        </p>,
      ),
    ).toBe('<p>0</p>');
  });
});

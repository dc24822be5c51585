// The graphs that the run trains with, as files that other tools open.
import { useState } from 'react';
import { fileName, saveFile } from '../charts/export.ts';
import { formatBytes } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { useLab, useLabStore } from '../store/use-lab.ts';

export function GraphTab() {
  const store = useLabStore();
  const graphs = useLab((state) => state.graphs);
  const slug = useLab((state) => state.meta.slug);
  const [problem, setProblem] = useState('');
  const save = async (name: string) => {
    try {
      const file = (await store.graphFiles()).find((graph) => graph.name === name);
      if (!file) throw new Error('The engine no longer holds this graph: run the lab again, then save it.');
      saveFile(fileName(slug, `${name}.onnx`), new Uint8Array(file.bytes), 'application/octet-stream');
      setProblem('');
    } catch (error) {
      setProblem((error as Error).message);
    }
  };
  return (
    <div className="prose small">
      <p>
        One training step is one ONNX graph: forward pass, gradient, optimiser. The page writes it, simplifies it, and
        onnxruntime runs it unchanged. Saved, it opens in Netron or runs in Python.
      </p>
      {graphs.length === 0 ? (
        <p className="quiet">The graphs are written when the lab runs: press Run, then come back.</p>
      ) : (
        <div className="scroll-x">
          <table className="plain-table">
            <thead>
              <tr>
                <th scope="col">Graph</th>
                <th scope="col">Nodes as written</th>
                <th scope="col">after simplifying</th>
                <th scope="col">Size</th>
                <th scope="col">
                  <span className="hidden-text">Save</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {graphs.map((graph) => (
                <tr key={graph.name}>
                  <th scope="row">{graph.name}</th>
                  <td>{graph.before.toLocaleString('en')}</td>
                  <td>{graph.nodes.toLocaleString('en')}</td>
                  <td>{formatBytes(graph.bytes)}</td>
                  <td>
                    <button
                      type="button"
                      className="button small"
                      onClick={() => void save(graph.name)}
                      aria-label={`Save ${graph.name} as ONNX`}
                    >
                      <Icon name="save" size={14} />
                      .onnx
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {problem && (
        <p className="message" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

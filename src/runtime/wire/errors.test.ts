import { expect, it } from 'vitest';
import { DataError } from '../../data/data-error.ts';
import { during, EngineError, kindOf, RunError, toWire, type ErrorKind } from './errors.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

// texts as Chromium, Firefox and onnxruntime give them
it.each<[ErrorKind, unknown]>([
  ['out-of-memory', new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')],
  ['out-of-memory', new RangeError('Array buffer allocation failed')],
  ['out-of-memory', new RangeError('Invalid typed array length: 4294967296')],
  ['out-of-memory', new Error('failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc')],
  [
    'out-of-memory',
    new Error(
      'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: core/common/safeint.h:17 SafeIntOnOverflow() Integer overflow',
    ),
  ],
  ['out-of-memory', new Error("Can't create a session. failed to allocate a buffer of size 734003200.")],
  ['out-of-memory', new WebAssembly.RuntimeError('memory access out of bounds')],
  [
    'device-lost',
    named('AbortError', 'Device was lost. This can happen due to insufficient memory or other GPU constraints.'),
  ],
  ['device-lost', named('OperationError', "Failed to execute 'mapAsync' on 'GPUBuffer': [Device] is lost.")],
  [
    'device-lost',
    named(
      'AbortError',
      "Failed to execute 'mapAsync' on 'GPUBuffer': A valid external Instance reference no longer exists.",
    ),
  ],
  ['crash', new WebAssembly.RuntimeError('unreachable')],
  ['out-of-memory', 5_243_048],
  ['unsupported', new Error("Could not find an implementation for GridSample(20) node with name 'g'")],
  [
    'unsupported',
    new Error(
      'This session contains graph nodes that are assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.',
    ),
  ],
  ['data', new TypeError('Failed to fetch dynamically imported module: http://localhost/assets/ort.js')],
  ['data', new Error('no available backend found. ERR: [wasm] TypeError: Failed to fetch')],
  ['data', new DataError('fashion.bin is missing', 'Reload the page')],
  ['internal', new TypeError("Cannot read properties of undefined (reading 'x')")],
])('is of kind %s: %s', (kind, error) => {
  expect(kindOf(error)).toBe(kind);
  expect(kindOf(during('training step', error))).toBe(kind);
});

it.each([
  [new WebAssembly.Exception(new WebAssembly.Tag({ parameters: [] }), []), 'crash', /^the WebAssembly module stopped/],
  [new Error('another WebGPU EP inference session is being created.'), 'crash', /session is being created/],
  [{ message: 'in an object' }, 'internal', /^in an object$/],
  [{}, 'internal', /^a fault without a text \(Object\)$/],
  [null, 'internal', /^a fault without a text \(Null\)$/],
  [undefined, 'internal', /^undefined$/],
  ['a string', 'internal', /^a string$/],
])('puts %o into words', (error, kind, message) => {
  const wire = toWire(error);
  expect(wire).toMatchObject({ kind, message: expect.stringMatching(message) });
  expect(wire.message).not.toContain('[object');
});

it('keeps name, message, stack and the remedy of the error itself', () => {
  const error = new DataError('fashion.bin is missing', 'Reload the page');
  expect(toWire(error)).toEqual({
    name: 'DataError',
    message: error.message,
    stack: error.stack,
    kind: 'data',
    remedy: 'Reload the page',
    resumable: false,
  });
});

it('says what was being done, without hiding where it happened', () => {
  const cause = new Error('std::bad_alloc');
  const wrapped = during('training step', cause);
  expect(wrapped).toMatchObject({ message: 'training step: std::bad_alloc', cause });
  expect(wrapped.stack).toContain(cause.stack);
  expect(during('again', wrapped)).toBe(wrapped);
});

it('passes an error of the wire on unchanged', () => {
  const wire = toWire(new EngineError('crash', 'gone'));
  expect(toWire(new RunError(wire))).toBe(wire);
});

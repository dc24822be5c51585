// What the lab is, as data.
import { defineMeta } from '../_kit/contract/meta.ts';

export const meta = defineMeta({
  slug: 'new-lab-slug',
  version: 1,
  paper: { number: 1, title: 'Title of the paper', authors: 'Authors', venue: 'Venue', year: 2026 },
  family: 'losses',
  title: 'New lab title',
  claim: "The paper's claim in one plain sentence: targets that are a little unsure make a network that errs less.",
  question: 'The question this lab asks of it.',
  caption: 'What the picture shows and what to look for.',
  method: ['How it works, in a few sentences. Symbols as in the paper: $y$, $\\epsilon$.'],
  equations: [{ label: 'Smoothed target', text: "y' = (1 - \\epsilon) y + \\epsilon / K", source: 'eq. 1' }],
  controls: {
    rate: {
      kind: 'number',
      label: 'Learning rate',
      help: 'Step size of both arms.',
      min: 0.001,
      max: 1,
      step: 0.001,
      scale: 'log',
      default: 0.05,
    },
    share: {
      kind: 'number',
      label: 'Smoothing ε',
      help: 'The share of the target that all classes get alike.',
      min: 0,
      max: 0.9,
      step: 0.05,
      default: 0.1,
    },
  },
  arms: [
    { id: 'smooth', label: 'smoothed targets', role: 'method' },
    { id: 'plain', label: 'plain targets', role: 'baseline' },
  ],
  metrics: {
    accuracy: { label: 'Test accuracy', better: 'up', percent: true, digits: 1, help: 'On 1,000 test images.' },
    loss: {
      label: 'Training loss',
      better: 'down',
      help: 'Cross-entropy of the last batch, with the targets of the arm.',
    },
  },
  views: [
    { kind: 'line', title: 'Test accuracy', caption: 'Both arms see the same batches.', metric: 'accuracy' },
    { kind: 'line', title: 'Training loss', caption: 'Lower is better.', metric: 'loss', log: true },
  ],
  deviations: ['Number what differs from the paper, one by one.'],
  tryThis: [{ text: 'Half of every target given away', set: { share: 0.5 } }],
  data: ['fashion'],
  seeds: 3,
  cost: { cpuSeconds: 5, steps: 100 },
});

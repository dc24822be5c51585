// What the lab is, as data.
import { defineMeta } from '../_kit/contract/meta.ts';

export const meta = defineMeta({
  slug: 'new-lab-slug',
  version: 1,
  paper: { number: 1, title: 'Title of the paper', authors: 'Authors', venue: 'Venue', year: 2026 },
  family: 'optimisation',
  title: 'New lab title',
  claim: "The paper's claim in one plain sentence: momentum reaches a better fit in the same number of steps.",
  question: 'The question this lab asks of it.',
  caption: 'What the picture shows and what to look for.',
  method: ['How it works, in a few sentences. Symbols as in the paper: $theta$, $mu$.'],
  equations: [{ label: 'Momentum', text: "v' = \\mu v + g, \\quad \\theta' = \\theta - \\eta v'", source: 'eq. 1' }],
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
    momentum: {
      kind: 'number',
      label: 'Momentum μ',
      help: 'How much of the last step is kept.',
      min: 0,
      max: 0.99,
      step: 0.01,
      default: 0.9,
    },
  },
  arms: [
    { id: 'momentum', label: 'momentum', role: 'method' },
    { id: 'plain', label: 'plain SGD', role: 'baseline' },
  ],
  metrics: {
    accuracy: { label: 'Test accuracy', better: 'up', percent: true, digits: 1, help: 'On 1,000 test images.' },
    loss: { label: 'Training loss', better: 'down', help: 'Cross-entropy of the last batch.' },
  },
  views: [
    { kind: 'line', title: 'Test accuracy', caption: 'Both arms see the same batches.', metric: 'accuracy' },
    { kind: 'line', title: 'Training loss', caption: 'Lower is better.', metric: 'loss', log: true },
  ],
  deviations: ['Number what differs from the paper, one by one.'],
  tryThis: [{ text: 'Is a larger step as good as momentum?', set: { rate: 0.3, momentum: 0 } }],
  data: ['fashion'],
  seeds: 3,
  cost: { cpuSeconds: 5, steps: 100 },
});

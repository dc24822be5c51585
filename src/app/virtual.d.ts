// Modules that the build writes from the labs' meta.ts and recorded.json (tools/vite/lab-summaries.ts).
declare module 'virtual:lab-cards' {
  const cards: import('./gallery/summary.ts').LabCard[];
  export default cards;
}
declare module 'virtual:lab-verdicts' {
  const verdicts: import('./gallery/summary.ts').LabVerdict[];
  export default verdicts;
}

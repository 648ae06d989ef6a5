const icon = (path: string) => () => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={path} />
  </svg>
);
export const ChatIcon = icon("M4 5h16v11H9l-5 4z");
export const CloseIcon = icon("M6 6l12 12M18 6L6 18");
export const MinusIcon = icon("M6 12h12");
export const ClipIcon = icon(
  "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
);
export const SmileIcon = icon(
  "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01",
);
export const SendIcon = icon("M4 12L20 4l-5 16l-3-7z");

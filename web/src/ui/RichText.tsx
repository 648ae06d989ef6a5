import { lazy, type Ref, Suspense } from "react";
import { useTranslation } from "react-i18next";
import classes from "./rich-text/rich-text.module.css";

export type RichContent = { html: string; text: string };
export type SlashItem = { id: string; label: string; hint?: string; warning?: string };
export type RichTextHandle = {
  focus: () => void;
  /** At the cursor, or in the place of a "/search" that is being typed. */
  insert: (html: string) => void;
  replace: (html: string) => void;
  /** Another word wherever this one stands, formats kept. */
  correct: (word: string, by: string) => void;
};

export type RichTextProps = {
  label: string;
  /** What it starts with; later changes come from the person or through the handle. */
  initial: string;
  onChange: (content: RichContent) => void;
  /** Of what is written, for the browser's spelling: "fr", "en-GB"… */
  language?: string;
  placeholder?: string;
  /** Without bold, lists, links and images. */
  plain?: boolean;
  disabled?: boolean;
  minHeight?: number;
  autoFocus?: boolean;
  /** An image pasted or dropped: answers with its address once it is kept, null when it was refused. */
  onImage?: (file: File) => Promise<string | null>;
  /** Other files pasted or dropped. */
  onFiles?: (files: File[]) => void;
  /** Ready-made texts behind "/". */
  slash?: {
    label: string;
    nothing: string;
    find: (query: string, signal: AbortSignal) => Promise<SlashItem[]>;
    /** The text to put in, or null to put in nothing. */
    pick: (item: SlashItem) => Promise<string | null>;
  };
  /** At the end of the tool bar. */
  tools?: React.ReactNode;
  handle?: Ref<RichTextHandle>;
};

const Editor = lazy(() => import("./rich-text/Editor"));

/** A text with bold, lists, links, quotes and images in it. Its code comes when it is first needed. */
export function RichText(props: RichTextProps) {
  const { t } = useTranslation();
  return (
    <Suspense
      fallback={
        <p className={classes.loading} style={{ minHeight: props.minHeight }}>
          {t("app.loading")}
        </p>
      }
    >
      <Editor {...props} />
    </Suspense>
  );
}

import { Button } from "@mantine/core";
import { sentenceOf } from "../../ui/problem-words";
import classes from "./figures.module.css";
import { useText } from "./text";

export function Trouble({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const { common } = useText();
  return (
    <div role="alert" className={classes.trouble}>
      <span>{sentenceOf(error, common)}</span>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        {common("app.retry")}
      </Button>
    </div>
  );
}

import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  chooseMicrophone,
  chosenMicrophone,
  type MicrophoneTrial,
  tryMicrophone,
} from "../../softphone/microphone";
import { RingTone } from "../../softphone/ringtone";
import { IconAlertTriangle, IconBell, IconCircleCheck, IconMicrophone } from "../../ui/icons";
import classes from "./seat.module.css";

/** Louder than this for a moment: a voice, not the room. */
const heardAbove = 0.45;

export function MicrophoneCheck() {
  const { t } = useTranslation();
  const [trial, setTrial] = useState<MicrophoneTrial | null>(null);
  const [trouble, setTrouble] = useState<"refused" | "missing" | null>(null);
  const [heard, setHeard] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  const ring = useRef(new RingTone());

  async function start(deviceId: string | null) {
    const result = await tryMicrophone(deviceId);
    if (typeof result === "string") return setTrouble(result);
    setTrouble(null);
    setTrial(result);
  }
  useEffect(() => {
    if (!trial) return;
    let frame = 0;
    const paint = () => {
      const level = trial.level();
      if (bar.current) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      if (level > heardAbove) setHeard(true);
      frame = requestAnimationFrame(paint);
    };
    paint();
    return () => {
      cancelAnimationFrame(frame);
      trial.stop();
    };
  }, [trial]);
  useEffect(() => {
    const tone = ring.current;
    return () => tone.stop();
  }, []);

  return (
    <div className={classes.check}>
      <div className={classes.checkButtons}>
        {trial ? null : (
          <Button
            variant="default"
            leftSection={<IconMicrophone size={16} />}
            onClick={() => start(chosenMicrophone())}
          >
            {t("seat.mic_start")}
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconBell size={16} />}
          onClick={() => {
            ring.current.start();
            setTimeout(() => ring.current.stop(), 1_500);
          }}
        >
          {t("seat.ring_try")}
        </Button>
      </div>
      {trial ? (
        <>
          <NativeSelect
            label={t("seat.mic_choose")}
            data={trial.devices.map(({ id, label }) => ({ value: id, label }))}
            value={trial.inUse}
            onChange={({ currentTarget: { value: id } }) => {
              chooseMicrophone(id);
              void start(id);
            }}
          />
          <div className={classes.meter}>
            <div ref={bar} className={classes.bar} />
          </div>
        </>
      ) : null}
      <p role="status" className={classes.checkWord} data-tone={trouble ? "bad" : heard ? "good" : undefined}>
        {trouble ? (
          <>
            <IconAlertTriangle size={16} aria-hidden /> {t(`seat.mic_${trouble}`)}
          </>
        ) : heard ? (
          <>
            <IconCircleCheck size={16} aria-hidden /> {t("seat.mic_good")}
          </>
        ) : trial ? (
          t("seat.mic_speak")
        ) : null}
      </p>
    </div>
  );
}

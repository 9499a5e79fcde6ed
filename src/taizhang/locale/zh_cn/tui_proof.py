"""Owns what the terminal says of the seal: how far the ledger is sealed, and its deep check."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "tui.key.list.seal": "封签",
    "tui.key.seal.verify": "全面校验",
    "tui.key.seal.sign": "签署",
    "tui.key.seal.back": "返回",
    "tui.tip.list.seal": "查看台账签署到哪一条、谁作过见证，并可全面校验。",
    "tui.tip.seal.verify": "全面校验：逐条事件、哈希树、表结构、佐证材料、检查点。",
    "tui.tip.seal.sign": "对现有全部事件签署检查点。",
    "tui.tip.seal.back": "回到问题清单。",
    "tui.place.seal": "封签",
    "tui.seal.page": "台账的封签",
    "tui.seal.sealed": "签署",
    "tui.seal.upto": "已签署至 #{index}，无遗漏",
    "tui.seal.tail": "已签署至 #{index}；其后 {count} 条尚未签署",
    "tui.seal.none": "尚未签署过检查点",
    "tui.seal.root": "根哈希",
    "tui.seal.witnessed": "见证",
    "tui.seal.no-witness": "尚无见证方联署",
    "tui.seal.by": "{witness} 于 {moment} 联署至 #{index}",
    "tui.seal.key": "公钥",
    "tui.seal.check": "全面校验",
    "tui.seal.not-yet": "本次尚未校验。",
    "tui.seal.proved": "已经证明",
    "tui.seal.unproved": "未能证明",
    "tui.seal.signed": "已签署至 #{index}",
}

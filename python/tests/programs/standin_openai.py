# total 1s
# with stand_in openai
import asyncio

from openai import AsyncOpenAI


async def main():
    answer = await AsyncOpenAI().chat.completions.create(model="m", messages=[])
    answer.choices[0].message.content


asyncio.run(main())
